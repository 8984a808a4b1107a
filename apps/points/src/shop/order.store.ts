import type { z } from 'zod';
import type { ExchangeType, ItemRefusal, orderSchema, OrderStatus } from '#contracts';
import { isoTime, isoTimeOrNull, type SqlTime, type Tx } from '#database';
import { namesOf } from './exchange.store.js';
import { membershipDaysOf } from './reward.rules.js';

export type OrderView = z.infer<typeof orderSchema>;

export interface OrderRow {
  id: number;
  user_id: number;
  exchange_id: number;
  exchange_version: number;
  reward_type: ExchangeType;
  name_zh: string;
  name_en: string;
  name_ru: string;
  quantity: number;
  points_each: number;
  points_cost: number;
  reward_value: number | null;
  reward_reference: string | null;
  status: OrderStatus;
  period_key: string;
  tracking_carrier: string | null;
  tracking_number: string | null;
  fulfilment_code: string | null;
  note: string | null;
  /** Why it could not be given, and was refunded. */
  refusal: ItemRefusal | null;
  created_at: SqlTime;
  updated_at: SqlTime;
  processed_at: SqlTime | null;
}

export const orderColumns = `id, user_id, exchange_id, exchange_version, reward_type, name_zh, name_en, name_ru, quantity,
  points_each, points_cost, reward_value, reward_reference, status, period_key, tracking_carrier, tracking_number,
  fulfilment_code, note, refusal, created_at, updated_at, processed_at`;

/** Locks an order: the last of account, item, buyer, order. */
export function lockOrder(tx: Tx, id: number): Promise<OrderRow | undefined> {
  return tx.one<OrderRow>(`SELECT ${orderColumns} FROM points_exchange_records WHERE id = ?${tx.lock}`, [id]);
}

export function orderViewOf(row: OrderRow): OrderView {
  return {
    id: row.id,
    user_id: row.user_id,
    exchange_id: row.exchange_id,
    exchange_version: row.exchange_version,
    reward_type: row.reward_type,
    name: namesOf(row),
    quantity: row.quantity,
    points_each: row.points_each,
    points_cost: row.points_cost,
    reward_value: row.reward_value,
    membership_days: membershipDaysOf({ ...row, exchange_type: row.reward_type }, row.quantity),
    status: row.status,
    tracking_carrier: row.tracking_carrier,
    tracking_number: row.tracking_number,
    fulfilment_code: row.fulfilment_code,
    note: row.note,
    refusal: row.refusal,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
    processed_at: isoTimeOrNull(row.processed_at),
  };
}

/** An order as its member sees it: a code that was taken back is none any more. */
export function memberOrderViewOf(row: OrderRow): OrderView {
  const isTakenBack = row.status === 'cancelled' || row.status === 'refunded';
  return { ...orderViewOf(row), ...(isTakenBack && { fulfilment_code: null }) };
}

/** An order in a list of everybody's: what can be used like money is told one by one. */
export function listedOrderViewOf(row: OrderRow): OrderView {
  return { ...orderViewOf(row), fulfilment_code: null };
}

/** What the granting services are told. */
export function grantOf(row: OrderRow) {
  return {
    order_id: row.id,
    user_id: row.user_id,
    exchange_id: row.exchange_id,
    exchange_type: row.reward_type,
    reward_value: row.reward_value,
    reward_reference: row.reward_reference,
    quantity: row.quantity,
  };
}
