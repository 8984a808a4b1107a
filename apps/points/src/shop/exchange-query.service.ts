import { Controller } from '@nestjs/common';
import {
  AppError,
  GetExchange,
  ListAllExchanges,
  ListExchanges,
  type ExchangeStatus,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime, type Reader, type SqlValue } from '#database';
import { HandleQuery, requirePermission, requireUser, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { periodKey } from './exchange.rules.js';
import {
  boughtOf,
  exchangeColumns,
  exchangeDetailOf,
  exchangeViewOf,
  type BuyerRow,
  type ExchangeRow,
  type ExchangeView,
} from './exchange.store.js';

type MemberRow = ExchangeRow & { bought_total: number | null; period_key: string; bought_in_period: number };

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const onShelf = (now: Date): Condition => ({
  sql: `e.removed_at IS NULL AND e.enabled = 1 AND (e.starts_at IS NULL OR e.starts_at <= ?)
    AND (e.ends_at IS NULL OR e.ends_at > ?)`,
  values: [sqlTime(now), sqlTime(now)],
});

const withBuyer = `SELECT ${exchangeColumns}, b.bought_total, b.period_key, b.bought_in_period FROM points_exchanges e
  LEFT JOIN points_exchange_buyers b ON b.exchange_id = e.id AND b.user_id = ?`;

/** The shelf of the exchange shop (P-07): what members can buy now, and all of it for admins. */
@Controller()
export class ExchangeQueryService {
  constructor(@InjectSettings() private readonly settings: PointsSettings) {}

  @HandleQuery(ListExchanges)
  async list(
    input: HandledInputOf<typeof ListExchanges>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof ListExchanges>> {
    const userId = requireUser(call);
    const where = allOf([onShelf(now), ...ofType(input.exchange_type)]);
    const rows = await reader.query<MemberRow>(
      `${withBuyer} WHERE ${where.sql} ORDER BY e.sort_order, e.id ${pageOf(input)}`,
      [userId, ...where.values],
    );
    const items = rows.map((row) => this.viewOf(row, now));
    return { items, page: input.page, page_size: input.page_size, total: await count(reader, where) };
  }

  @HandleQuery(GetExchange)
  async get(
    { id }: HandledInputOf<typeof GetExchange>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetExchange>> {
    const row = await reader.one<MemberRow>(`${withBuyer} WHERE e.id = ? AND e.removed_at IS NULL AND e.enabled = 1`, [
      requireUser(call),
      id,
    ]);
    if (!row) throw new AppError('shop.item_unknown');
    return this.viewOf(row, now);
  }

  @HandleQuery(ListAllExchanges)
  async listAll(
    input: HandledInputOf<typeof ListAllExchanges>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof ListAllExchanges>> {
    requirePermission(call, 'exchange.read');
    const where = allOf([...ofType(input.exchange_type), ...(input.status ? [ofStatus(input.status, now)] : [])]);
    const rows = await reader.query<ExchangeRow>(
      `SELECT ${exchangeColumns} FROM points_exchanges e WHERE ${where.sql} ORDER BY e.sort_order, e.id ${pageOf(input)}`,
      where.values,
    );
    const items = rows.map((row) => exchangeDetailOf(row, now));
    return { items, page: input.page, page_size: input.page_size, total: await count(reader, where) };
  }

  private viewOf(row: MemberRow, now: Date): ExchangeView {
    const current = periodKey(row.limit_period, communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    const buyer = row.bought_total === null ? undefined : (row as BuyerRow);
    return exchangeViewOf(row, boughtOf(buyer), current, now);
  }
}

function allOf(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.length === 0 ? '1 = 1' : conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

function ofType(type: string | undefined): Condition[] {
  return type === undefined ? [] : [{ sql: 'e.exchange_type = ?', values: [type] }];
}

/** The same answer as `statusOf`, asked of the database. */
function ofStatus(status: ExchangeStatus, now: Date): Condition {
  const time = sqlTime(now);
  const shelf = onShelf(now);
  switch (status) {
    case 'removed':
      return { sql: 'e.removed_at IS NOT NULL', values: [] };
    case 'inactive':
      return { sql: 'e.removed_at IS NULL AND e.enabled = 0', values: [] };
    case 'scheduled':
      return { sql: 'e.removed_at IS NULL AND e.enabled = 1 AND e.starts_at > ?', values: [time] };
    case 'ended':
      return {
        sql: `e.removed_at IS NULL AND e.enabled = 1 AND e.ends_at <= ? AND (e.starts_at IS NULL OR e.starts_at <= ?)`,
        values: [time, time],
      };
    case 'out_of_stock':
      return { sql: `${shelf.sql} AND e.stock = 0`, values: shelf.values };
    case 'active':
      return { sql: `${shelf.sql} AND (e.stock IS NULL OR e.stock > 0)`, values: shelf.values };
  }
}

function pageOf({ page, page_size }: { page: number; page_size: number }): string {
  return `LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`;
}

function count(reader: Reader, { sql, values }: Condition): Promise<number> {
  return reader.count(`points_exchanges e WHERE ${sql}`, values);
}
