import type { ItemRefusal } from '#contracts';
import { sqlTime, type Tx } from '#database';
import type { MembershipPeriod } from '../membership/membership.rules.js';
import type { GivenDays } from './membership-order.rules.js';

export type MembershipOrderState = 'new' | 'given' | 'refused' | 'taken_back';

interface OrderRow {
  state: MembershipOrderState;
  days: number;
  begins_ms: number | null;
  ends_ms: number | null;
  kind_before: MembershipPeriod['kind'] | null;
  plan_before: string | null;
}

export interface MembershipOrder {
  readonly state: MembershipOrderState;
  readonly days: number;
  /** Null when nothing was given. */
  readonly given: GivenDays | null;
}

/** Locks what is known of an order, making its row when nothing is. The member's membership is locked before. */
export async function lockOrder(tx: Tx, orderId: number, userId: number, now: Date): Promise<MembershipOrder> {
  const time = sqlTime(now);
  const row = { order_id: orderId, user_id: userId, state: 'new', days: 0, created_at: time, updated_at: time };
  await tx.upsert('membership_orders', row, { conflict: ['order_id'] });
  const found = await tx.one<OrderRow>(
    `SELECT state, days, begins_ms, ends_ms, kind_before, plan_before FROM membership_orders
     WHERE order_id = ?${tx.lock}`,
    [orderId],
  );
  return found ? orderOf(found) : { state: 'new', days: 0, given: null };
}

function orderOf({ state, days, begins_ms, ends_ms, kind_before, plan_before }: OrderRow): MembershipOrder {
  if (begins_ms === null || ends_ms === null) return { state, days, given: null };
  const before = kind_before === null || plan_before === null ? null : { kind: kind_before, plan: plan_before };
  return { state, days, given: { beginsMs: Number(begins_ms), endsMs: Number(ends_ms), before } };
}

export async function writeGiven(
  tx: Tx,
  orderId: number,
  { days, given }: { days: number; given: GivenDays },
  now: Date,
): Promise<void> {
  await tx.execute(
    `UPDATE membership_orders SET state = 'given', days = ?, begins_ms = ?, ends_ms = ?, kind_before = ?, plan_before = ?,
     updated_at = ? WHERE order_id = ?`,
    [days, given.beginsMs, given.endsMs, given.before?.kind ?? null, given.before?.plan ?? null, sqlTime(now), orderId],
  );
}

export async function writeRefused(tx: Tx, orderId: number, refusal: ItemRefusal, now: Date): Promise<void> {
  await tx.execute("UPDATE membership_orders SET state = 'refused', refusal = ?, updated_at = ? WHERE order_id = ?", [
    refusal,
    sqlTime(now),
    orderId,
  ]);
}

export async function writeTakenBack(tx: Tx, orderId: number, now: Date): Promise<void> {
  await tx.execute("UPDATE membership_orders SET state = 'taken_back', updated_at = ? WHERE order_id = ?", [
    sqlTime(now),
    orderId,
  ]);
}

/** Days that lie behind those taken back move forward with the membership, so that they are found where they are. */
export async function moveLaterOrders(tx: Tx, userId: number, taken: GivenDays, takenMs: number): Promise<void> {
  await tx.execute(
    `UPDATE membership_orders SET kind_before = ?, plan_before = ?
     WHERE user_id = ? AND state = 'given' AND begins_ms = ?`,
    [taken.before?.kind ?? null, taken.before?.plan ?? null, userId, taken.endsMs],
  );
  await tx.execute(
    `UPDATE membership_orders SET begins_ms = begins_ms - ?, ends_ms = ends_ms - ?
     WHERE user_id = ? AND state = 'given' AND begins_ms >= ?`,
    [takenMs, takenMs, userId, taken.endsMs],
  );
}
