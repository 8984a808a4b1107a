import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeExchange,
  ChangeExchangeStock,
  CreateExchange,
  ExchangeChanged,
  RemoveExchange,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime } from '#database';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { problemOfItem } from './exchange.rules.js';
import { exchangeDetailOf, lockExchange, namesOf, type ExchangeDetail, type ExchangeRow } from './exchange.store.js';

const stockAtMost = 1_000_000;

type Changes = Omit<HandledInputOf<typeof ChangeExchange>, 'id' | 'expected_stock'>;
type Action = 'created' | 'changed' | 'removed' | 'stock_changed';

/** Admins fill the exchange shop (P-07). An item that was sold is never deleted: its orders name it. */
@Controller()
export class ExchangeAdminService {
  @HandleCommand(CreateExchange)
  async create(
    input: HandledInputOf<typeof CreateExchange>,
    context: CommandContext,
  ): Promise<OutputOf<typeof CreateExchange>> {
    requirePermission(context.call, 'exchange.manage');
    const { tx, now } = context;
    const time = sqlTime(now);
    const { name, description, exchange_type, ...rest } = input;
    const columns = {
      exchange_type,
      ...textColumns(name, description),
      ...plainColumns(rest),
      used_count: 0,
      version: 1,
      created_at: time,
      updated_at: time,
      removed_at: null,
    };
    refuseNonsense(columns);
    const { insertId } = await tx.insert('points_exchanges', columns);
    return this.told(context, 'created', null, { ...columns, id: insertId });
  }

  @HandleCommand(ChangeExchange)
  async change(
    { id, expected_stock: expected, ...changes }: HandledInputOf<typeof ChangeExchange>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeExchange>> {
    requirePermission(context.call, 'exchange.manage');
    const before = await this.lock(context, id);
    if (expected !== undefined && expected !== before.stock)
      throw new AppError('shop.stock_changed', { stock: before.stock });
    const after: ExchangeRow = {
      ...before,
      ...changedColumns(before, changes),
      version: before.version + 1,
      updated_at: sqlTime(context.now),
    };
    refuseNonsense(after);
    const { id: _id, created_at: _createdAt, used_count: _used, ...columns } = after;
    const names = Object.keys(columns) as (keyof typeof columns)[];
    await context.tx.execute(
      `UPDATE points_exchanges SET ${names.map((key) => `${key} = ?`).join(', ')} WHERE id = ?`,
      [...names.map((key) => columns[key]), id],
    );
    return this.told(context, 'changed', before, after);
  }

  @HandleCommand(ChangeExchangeStock)
  async changeStock(
    { id, change, reason }: HandledInputOf<typeof ChangeExchangeStock>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeExchangeStock>> {
    requirePermission(context.call, 'exchange.manage');
    const before = await this.lock(context, id);
    if (before.stock === null) throw new AppError('shop.stock_unlimited');
    const stock = before.stock + change;
    if (stock < 0 || stock > stockAtMost) throw new AppError('shop.stock_out_of_range', { stock: before.stock });
    const after = { ...before, stock, updated_at: sqlTime(context.now) };
    await context.tx.execute('UPDATE points_exchanges SET stock = ?, updated_at = ? WHERE id = ?', [
      stock,
      after.updated_at,
      id,
    ]);
    return this.told(context, 'stock_changed', before, after, reason);
  }

  @HandleCommand(RemoveExchange)
  async remove(
    { id }: HandledInputOf<typeof RemoveExchange>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RemoveExchange>> {
    requirePermission(context.call, 'exchange.manage');
    const before = await this.lock(context, id);
    const time = sqlTime(context.now);
    await context.tx.execute('UPDATE points_exchanges SET removed_at = ?, updated_at = ? WHERE id = ?', [
      time,
      time,
      id,
    ]);
    return this.told(context, 'removed', before, { ...before, removed_at: time, updated_at: time });
  }

  private async lock(context: CommandContext, id: number): Promise<ExchangeRow> {
    const row = await lockExchange(context.tx, id);
    if (!row || row.removed_at !== null) throw new AppError('shop.item_unknown');
    return row;
  }

  private told(
    context: CommandContext,
    action: Action,
    before: ExchangeRow | null,
    after: ExchangeRow,
    reason: string | null = null,
  ): ExchangeDetail {
    const view = exchangeDetailOf(after, context.now);
    const { exchange_type, points_required, stock, version } = after;
    context.emit(
      ExchangeChanged,
      { exchange_id: after.id, action, exchange_type, name: namesOf(after), points_required, stock, version, reason },
      { ...(before && { before: exchangeDetailOf(before, context.now) }), after: view },
    );
    return view;
  }
}

type Texts = HandledInputOf<typeof CreateExchange>['name'];

function textColumns(name: Texts, description: Texts) {
  return {
    name_zh: name.zh,
    name_en: name.en,
    name_ru: name.ru,
    description_zh: description.zh,
    description_en: description.en,
    description_ru: description.ru,
  };
}

function plainColumns(plain: Omit<HandledInputOf<typeof CreateExchange>, 'name' | 'description' | 'exchange_type'>) {
  const { starts_at, ends_at, enabled } = plain;
  return { ...plain, starts_at: columnTime(starts_at), ends_at: columnTime(ends_at), enabled: Number(enabled) };
}

function columnTime(time: string | null): SqlTime | null {
  return time === null ? null : sqlTime(new Date(time));
}

/** Only what was sent changes; null is a value. */
function changedColumns(before: ExchangeRow, { name, description, ...plain }: Changes): Partial<ExchangeRow> {
  const texts = {
    ...(name && { name_zh: name.zh, name_en: name.en, name_ru: name.ru }),
    ...(description && {
      description_zh: description.zh,
      description_en: description.en,
      description_ru: description.ru,
    }),
  };
  const { starts_at, ends_at, enabled, ...same } = plain;
  const given = Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...texts,
    starts_at: starts_at === undefined ? before.starts_at : columnTime(starts_at),
    ends_at: ends_at === undefined ? before.ends_at : columnTime(ends_at),
    enabled: enabled === undefined ? before.enabled : Number(enabled),
  };
}

function refuseNonsense(row: Omit<ExchangeRow, 'id'>): void {
  const problem = problemOfItem({
    ...row,
    starts_at: row.starts_at === null ? null : fromSqlTime(row.starts_at),
    ends_at: row.ends_at === null ? null : fromSqlTime(row.ends_at),
  });
  if (problem) throw AppError.invalid([problem]);
}
