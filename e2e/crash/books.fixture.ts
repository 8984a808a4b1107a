import { ExpectedLedger } from './expected.ledger.js';
import type { ActivityOnOffer, ItemOnSale } from './expected.types.js';
import type { Facts } from './platform.facts.js';

const userId = 7;
const item: ItemOnSale = { id: 3, price: 20, stock: 1, isOncePerMember: true, isHandedOver: false };
const handedOver: ItemOnSale = { id: 5, price: 20, stock: 9, isOncePerMember: false, isHandedOver: true };
const activity: ActivityOnOffer = { id: 4, points: 50, capacity: 1, code: 'STAGE2026' };

interface Came {
  readonly day: string;
  readonly streak: number;
  readonly bonus: number;
  readonly balance: number;
}

/**
 * The books of one member, as they must be: six days with one missed between them, which is made up on the seventh and gives
 * the bonus of the week; then the only ticket, the only place of an activity with its reward, and an order that is cancelled.
 */
export function consistentBooks(): { ledger: ExpectedLedger; facts: Facts; wrongAnswers: string[] } {
  const ledger = new ExpectedLedger([userId], { items: [item, handedOver], activities: [activity] });
  const facts = noFacts();
  const wrong: string[] = [];
  for (const [index, day] of [1, 2, 3, 5, 6, 7].entries()) {
    wrong.push(...checkIn(ledger, facts, index + 1, { day: `2026-03-0${day}`, streak: day > 3 ? day - 4 : day }));
  }
  wrong.push(...makeUp(ledger, facts), ...buy(ledger, facts), ...takePart(ledger, facts), ...cancel(ledger, facts));
  ledger.refuseAsSoldOut(item);
  ledger.refuseAsFull(activity);
  facts.audit.push({ _id: 'created', event: 'user.created.v1', user_id: userId, payload: {} });
  facts.accounts.push({ user_id: userId, balance: 110, frozen: 0, version: 11, makeup_cards: 3 });
  facts.users.push({ id: userId, points: 110, points_version: 11 });
  return { ledger, facts, wrongAnswers: wrong };
}

function noFacts(): Facts {
  return {
    ...{ checkIns: [], records: [], accounts: [], users: [], deliveries: [], audit: [] },
    ...{ orders: [], items: [], participants: [], activities: [] },
  };
}

function checkIn(ledger: ExpectedLedger, facts: Facts, id: number, { day, streak }: Pick<Came, 'day' | 'streak'>) {
  const balance = id * 10;
  const row = { id, user_id: userId, day, streak_days: day > '2026-03-04' ? streak + 4 : streak, total_days: id };
  facts.checkIns.push({ ...row, points: 10, is_makeup: 0 });
  record(facts, { points: 10, type: 1, key: `check_in:${userId}:${day}`, balance });
  const event = { check_in_id: id, day, streak_days: streak, points: 10, balance };
  tell(facts, `event-${id}`, 'points.checked_in.v1', event, 'check_in_receipt');
  const said = { streak_days: streak, total_days: id, bonuses: [], makeup_cards: 3 };
  return ledger.acceptCheckIn(userId, day, { id, day, points: 10, balance, ...said });
}

function makeUp(ledger: ExpectedLedger, facts: Facts): string[] {
  const [day, today, balance] = ['2026-03-04', '2026-03-07', 80];
  const row = { id: 7, user_id: userId, day, streak_days: 4, total_days: 7, points: 0 };
  facts.checkIns.push({ ...row, is_makeup: 1 });
  record(facts, { points: 20, type: 4, key: `streak_bonus:makeup:${userId}:${day}:${today}:7:0:20`, balance });
  const said = { day, streak_days: 7, total_days: 7, makeup_cards: 3, balance };
  tell(facts, 'event-makeup', 'points.day_made_up.v1', said);
  return ledger.acceptMakeup(userId, day, today, { ...said, bonuses: [{ points: 20 }] });
}

function buy(ledger: ExpectedLedger, facts: Facts): string[] {
  const order = { id: 11, exchange_id: item.id, points_cost: 20, status: 'completed', balance: 60 };
  facts.orders.push({ ...order, user_id: userId, quantity: 1 });
  facts.items.push({ id: item.id, stock: 0, used_count: 1, bought: 1 });
  record(facts, { points: -20, type: 6, key: `shop_purchase:${order.id}`, balance: 60 });
  const event = { order_id: order.id, exchange_id: item.id, points_cost: 20, balance: 60 };
  tell(facts, 'event-order', 'points.order_placed.v1', event, 'order_news');
  tell(facts, 'event-grant', 'points.item_granted.v1', { order_id: order.id });
  return ledger.acceptOrder(userId, item, order);
}

function takePart(ledger: ExpectedLedger, facts: Facts): string[] {
  const { id, points, capacity } = activity;
  facts.participants.push({ activity_id: id, user_id: userId, status: 'completed', points });
  facts.activities.push({ id, capacity, joined: 1 });
  record(facts, { points, type: 2, key: `activity:${id}:${userId}`, balance: 110 });
  tell(facts, 'event-seat', 'points.activity_joined.v1', { activity_id: id, status: 'joined' });
  tell(facts, 'event-reward', 'points.activity_completed.v1', { activity_id: id, balance: 110 }, 'activity_completed');
  return [
    ...ledger.acceptSeat(userId, activity, 'joined'),
    ...ledger.acceptReward(userId, activity, { activity: { id }, points, balance: 110 }),
  ];
}

function cancel(ledger: ExpectedLedger, facts: Facts): string[] {
  const order = { id: 21, exchange_id: handedOver.id, points_cost: 20 };
  facts.orders.push({ ...order, user_id: userId, quantity: 1, status: 'cancelled' });
  facts.items.push({ id: handedOver.id, stock: 9, used_count: 0, bought: 0 });
  record(facts, { points: -20, type: 6, key: 'shop_purchase:21', balance: 90 });
  const event = { order_id: 21, exchange_id: handedOver.id, points_cost: 20, balance: 90 };
  tell(facts, 'event-reservation', 'points.order_placed.v1', event, 'order_news');
  record(facts, { points: 20, type: 7, key: 'shop_refund:21', balance: 110 });
  const moved = { order_id: 21, from: 'paid', to: 'cancelled', points_refunded: 20 };
  tell(facts, 'event-cancellation', 'points.order_moved.v1', moved, 'order_news');
  const wrong = ledger.acceptOrder(userId, handedOver, { ...order, status: 'paid', balance: 90 });
  const open = ledger.openOrder(userId);
  if (!open) return [...wrong, 'no order is open'];
  return [...wrong, ...ledger.acceptCancellation(userId, open, { ...order, status: 'cancelled' })];
}

/** A record with the event of the account's change. */
function record(
  facts: Facts,
  { points, type, key, balance }: { points: number; type: number; key: string; balance: number },
) {
  const id = facts.records.length + 1;
  facts.records.push({ id, user_id: userId, points, type, balance_after: balance, idempotency_key: key });
  tell(facts, `change-${id}`, 'points.balance_changed.v1', { balance, version: id });
}

function tell(facts: Facts, id: string, event: string, payload: Record<string, unknown>, template?: string): void {
  facts.audit.push({ _id: id, event, user_id: userId, payload });
  if (template === undefined) return;
  const dedupeKey = `${id}:telegram:${template}`;
  facts.deliveries.push({ user_id: userId, template, status: 'sent', dedupe_key: dedupeKey });
}
