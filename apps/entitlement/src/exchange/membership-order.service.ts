import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  ItemGiven,
  ItemGranted,
  ItemRefused,
  ItemRevoked,
  ItemTakenBack,
  type ItemRefusal,
  type PayloadOf,
} from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { isErased, Metrics, readStanding } from '#service';
import { isOver, membershipAt, type DecidedMembership, type MembershipPeriod } from '../membership/membership.rules.js';
import { lockMembership, saveMembership } from '../membership/membership.store.js';
import { noteEndTold } from '../reminder/reminder.store.js';
import {
  decideOrder,
  isForMembership,
  refusalOfStanding,
  takeBack,
  type OrderDecision,
  type TakenBack,
  wholeDays,
} from './membership-order.rules.js';
import {
  lockOrder,
  moveLaterOrders,
  writeGiven,
  writeRefused,
  writeTakenBack,
  type MembershipOrder,
} from './membership-order.store.js';

type Item = PayloadOf<typeof ItemGranted>;

const outcomes = ['given', 'refused', 'taken_back'] as const;

/**
 * Gives the membership days that points were exchanged for, or tells the shop why not, and takes them back with a refund (P-07). Each
 * once for an order, in whatever order and however often it is heard: the order's row says what has become of it.
 */
@Controller()
export class MembershipOrderService {
  private readonly orders: Counter<'outcome'>;

  constructor(metrics: Metrics) {
    this.orders = metrics.counter(
      'coser_membership_orders_total',
      'Orders of the exchange shop for membership days, by what became of them',
      ['outcome'],
    );
    // A series that is there from the start shows 0 instead of nothing.
    for (const outcome of outcomes) this.orders.labels(outcome).inc(0);
  }

  @HandleEvent(ItemGranted)
  async give(item: Item, context: EventContext): Promise<void> {
    if (!isForMembership(item)) return;
    const { tx, now } = context;
    const standing = await readStanding(tx, item.user_id);
    // What is left of an erased account gets no membership again (U-15), not even an empty one.
    const current = standing === 'erased' ? null : await lockMembership(tx, item.user_id);
    const order = await lockOrder(tx, item.order_id, item.user_id, now);
    if (order.state !== 'new') return;
    const refusal = refusalOfStanding(standing);
    const decision = refusal === null ? decideOrder(current, item, now) : { refusal };
    if (decision.refusal !== null) return this.refuse(context, item, decision.refusal);
    await this.prolong(context, item, current, decision);
  }

  @HandleEvent(ItemRevoked)
  async takeBack(item: Item, context: EventContext): Promise<void> {
    if (!isForMembership(item)) return;
    const { tx, now } = context;
    const current = (await isErased(tx, item.user_id)) ? null : await lockMembership(tx, item.user_id);
    const order = await lockOrder(tx, item.order_id, item.user_id, now);
    if (order.state === 'refused' || order.state === 'taken_back') return;
    // Also when nothing has been given yet: the grant that is still on its way finds the row, and gives nothing.
    await writeTakenBack(tx, item.order_id, now);
    const taken = await this.shorten(context, item, current, order);
    const after = taken?.membership ?? null;
    context.emit(
      ItemTakenBack,
      {
        order_id: item.order_id,
        user_id: item.user_id,
        days: order.days,
        days_taken: wholeDays(taken?.takenMs ?? 0),
        membership: after && factsOf(after),
        changed_at: (taken?.changedAt ?? now).toISOString(),
      },
      {
        user_id: item.user_id,
        before: { ...membershipAt(current, now) },
        after: { ...membershipAt(after ?? current, now), order_id: item.order_id },
      },
    );
    tx.afterCommit(() => this.orders.labels('taken_back').inc());
  }

  private async prolong(
    context: EventContext,
    item: Item,
    current: MembershipPeriod | null,
    { days, decided, prolongs }: OrderDecision & { refusal: null },
  ): Promise<void> {
    const { tx, now } = context;
    const { membership, period, renewal } = decided;
    const history = { period, reason: 'exchanged', inviteCodeId: null } as const;
    const changedAt = await saveMembership(tx, item.user_id, membership, history, now);
    await writeGiven(tx, item.order_id, { days, given: givenDaysOf(period, prolongs) }, now);
    context.emit(
      ItemGiven,
      {
        order_id: item.order_id,
        user_id: item.user_id,
        ...factsOf(membership),
        days,
        renewal,
        changed_at: changedAt.toISOString(),
      },
      {
        user_id: item.user_id,
        before: { ...membershipAt(current, now) },
        after: { ...membershipAt(membership, now), order_id: item.order_id },
      },
    );
    tx.afterCommit(() => this.orders.labels('given').inc());
  }

  private async refuse({ tx, now, emit }: EventContext, item: Item, reason: ItemRefusal): Promise<void> {
    const { order_id, user_id } = item;
    await writeRefused(tx, order_id, reason, now);
    emit(ItemRefused, { order_id, user_id, reason }, { user_id, after: { order_id, refused: reason } });
    tx.afterCommit(() => this.orders.labels('refused').inc());
  }

  /** Takes the order's days out of the membership; null when it stays as it is. */
  private async shorten(
    { tx, now }: EventContext,
    { user_id }: Item,
    current: MembershipPeriod | null,
    { given }: MembershipOrder,
  ): Promise<(TakenBack & { readonly changedAt: Date }) | null> {
    const taken = given && takeBack(current, given, now);
    if (!given || !taken) return null;
    const { membership, takenMs } = taken;
    const history = { period: membership, reason: 'taken_back', inviteCodeId: null } as const;
    const changedAt = await saveMembership(tx, user_id, membership, history, now);
    await moveLaterOrders(tx, user_id, given, takenMs);
    // The news of the refund says that it has ended.
    if (isOver(membership, now) && membership.expiresAt) await noteEndTold(tx, user_id, membership.expiresAt, now);
    return { ...taken, changedAt };
  }
}

function givenDaysOf({ startedAt, expiresAt }: DecidedMembership['period'], before: MembershipPeriod | null) {
  return { beginsMs: startedAt.getTime(), endsMs: (expiresAt ?? startedAt).getTime(), before };
}

function factsOf({ kind, plan, startedAt, expiresAt }: MembershipPeriod) {
  return { kind, plan, started_at: startedAt.toISOString(), expires_at: expiresAt?.toISOString() ?? null };
}
