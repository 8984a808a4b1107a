import type { z } from 'zod';
import type { exchangeDetailSchema, exchangeSchema, ExchangeType, LimitPeriod } from '#contracts';
import { fromSqlTime, isoTime, isoTimeOrNull, type SqlTime, type Tx } from '#database';
import { leftFor, statusOf, type Bought } from './exchange.rules.js';
import { membershipDaysOf } from './reward.rules.js';

export type ExchangeView = z.infer<typeof exchangeSchema>;
export type ExchangeDetail = z.infer<typeof exchangeDetailSchema>;

export interface ExchangeRow {
  id: number;
  exchange_type: ExchangeType;
  name_zh: string;
  name_en: string;
  name_ru: string;
  description_zh: string;
  description_en: string;
  description_ru: string;
  image: string | null;
  points_required: number;
  reward_value: number | null;
  reward_reference: string | null;
  fulfilment: 'automatic' | 'manual';
  stock: number | null;
  used_count: number;
  limit_total: number | null;
  limit_per_period: number | null;
  limit_period: LimitPeriod | null;
  starts_at: SqlTime | null;
  ends_at: SqlTime | null;
  enabled: number;
  sort_order: number;
  version: number;
  created_at: SqlTime;
  updated_at: SqlTime;
  removed_at: SqlTime | null;
}

export interface BuyerRow {
  bought_total: number;
  period_key: string;
  bought_in_period: number;
}

export const exchangeColumns = `e.id, e.exchange_type, e.name_zh, e.name_en, e.name_ru, e.description_zh, e.description_en,
  e.description_ru, e.image, e.points_required, e.reward_value, e.reward_reference, e.fulfilment, e.stock, e.used_count,
  e.limit_total, e.limit_per_period, e.limit_period, e.starts_at, e.ends_at, e.enabled, e.sort_order, e.version, e.created_at,
  e.updated_at, e.removed_at`;

/** Locks an item, also a removed one. Lock order of the shop: account, item, buyer, order. */
export function lockExchange(tx: Tx, id: number): Promise<ExchangeRow | undefined> {
  return tx.one<ExchangeRow>(`SELECT ${exchangeColumns} FROM points_exchanges e WHERE e.id = ?${tx.lock}`, [id]);
}

/** Locks what a member has of an item. The item must be locked before. */
export async function lockBuyer(tx: Tx, exchangeId: number, userId: number): Promise<Bought> {
  const nothing = { exchange_id: exchangeId, user_id: userId, bought_total: 0, period_key: '', bought_in_period: 0 };
  await tx.upsert('points_exchange_buyers', nothing, { conflict: ['exchange_id', 'user_id'] });
  const row = await tx.one<BuyerRow>(
    `SELECT bought_total, period_key, bought_in_period FROM points_exchange_buyers
     WHERE exchange_id = ? AND user_id = ?${tx.lock}`,
    [exchangeId, userId],
  );
  return boughtOf(row);
}

export function boughtOf(row: BuyerRow | undefined): Bought {
  return row
    ? { total: row.bought_total, periodKey: row.period_key, inPeriod: row.bought_in_period }
    : { total: 0, periodKey: '', inPeriod: 0 };
}

export async function writeBuyer(tx: Tx, exchangeId: number, userId: number, bought: Bought): Promise<void> {
  await tx.execute(
    `UPDATE points_exchange_buyers SET bought_total = ?, period_key = ?, bought_in_period = ?
     WHERE exchange_id = ? AND user_id = ?`,
    [bought.total, bought.periodKey, bought.inPeriod, exchangeId, userId],
  );
}

/** Moves what was sold out of the stock, or back into it (a negative quantity). */
export async function moveStock(tx: Tx, id: number, sold: { stock: number; used: number }): Promise<void> {
  await tx.execute(
    `UPDATE points_exchanges SET stock = CASE WHEN stock IS NULL THEN NULL ELSE stock - ? END, used_count = used_count + ?
     WHERE id = ?`,
    [sold.stock, sold.used, id],
  );
}

export function statusOfRow(row: ExchangeRow, now: Date): ExchangeView['status'] {
  const shelf = {
    enabled: row.enabled === 1,
    isRemoved: row.removed_at !== null,
    startsAt: row.starts_at === null ? null : fromSqlTime(row.starts_at),
    endsAt: row.ends_at === null ? null : fromSqlTime(row.ends_at),
    stock: row.stock,
  };
  return statusOf(shelf, now);
}

export function limitsOf(row: ExchangeRow): { total: number | null; perPeriod: number | null } {
  return { total: row.limit_total, perPeriod: row.limit_per_period };
}

export function namesOf(row: Pick<ExchangeRow, 'name_zh' | 'name_en' | 'name_ru'>): {
  zh: string;
  en: string;
  ru: string;
} {
  return { zh: row.name_zh, en: row.name_en, ru: row.name_ru };
}

function sharedView(row: ExchangeRow, now: Date): Omit<ExchangeView, 'left_for_me'> {
  return {
    id: row.id,
    exchange_type: row.exchange_type,
    name: namesOf(row),
    description: { zh: row.description_zh, en: row.description_en, ru: row.description_ru },
    image: row.image,
    points_required: row.points_required,
    reward_value: row.reward_value,
    membership_days: membershipDaysOf(row),
    status: statusOfRow(row, now),
    stock: row.stock,
    limit_total: row.limit_total,
    limit_per_period: row.limit_per_period,
    limit_period: row.limit_period,
    starts_at: isoTimeOrNull(row.starts_at),
    ends_at: isoTimeOrNull(row.ends_at),
    version: row.version,
  };
}

export function exchangeViewOf(row: ExchangeRow, bought: Bought, currentPeriod: string, now: Date): ExchangeView {
  return { ...sharedView(row, now), left_for_me: leftFor(limitsOf(row), bought, currentPeriod, row.stock) };
}

export function exchangeDetailOf(row: ExchangeRow, now: Date): ExchangeDetail {
  return {
    ...sharedView(row, now),
    reward_reference: row.reward_reference,
    fulfilment: row.fulfilment,
    used_count: row.used_count,
    enabled: row.enabled === 1,
    sort_order: row.sort_order,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  };
}
