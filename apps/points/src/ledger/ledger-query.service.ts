import { Controller } from '@nestjs/common';
import {
  GetBalance,
  ListMyHolds,
  ListPointRecords,
  ListUserHolds,
  ListUserRecords,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, type Reader, type SqlTime } from '#database';
import { HandleQuery, requirePermission, requireUser, type QueryContext } from '#messaging';
import { recordTypeOf } from './ledger.rules.js';
import { holdColumns, type HoldRow } from './ledger.store.js';

interface RecordRow {
  id: number;
  points: number;
  type: number;
  description: string | null;
  balance_after: number;
  reverses_id: number | null;
  created_at: SqlTime;
}

/** Reads the ledger, for its member and for admins (P-01). */
@Controller()
export class LedgerQueryService {
  @HandleQuery(GetBalance)
  async getBalance(
    _input: HandledInputOf<typeof GetBalance>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetBalance>> {
    const row = await reader.one<{ balance: number; frozen: number; lifetime_earned: number }>(
      'SELECT balance, frozen, lifetime_earned FROM point_accounts WHERE user_id = ?',
      [requireUser(call)],
    );
    const balance = row?.balance ?? 0;
    const frozen = row?.frozen ?? 0;
    return { balance, frozen, available: balance - frozen, lifetime_earned: row?.lifetime_earned ?? 0 };
  }

  @HandleQuery(ListPointRecords)
  async listRecords(
    input: HandledInputOf<typeof ListPointRecords>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListPointRecords>> {
    return recordsOf(reader, requireUser(call), input);
  }

  @HandleQuery(ListUserRecords)
  async listUserRecords(
    input: HandledInputOf<typeof ListUserRecords>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListUserRecords>> {
    requirePermission(call, 'ledger.read');
    return recordsOf(reader, input.user_id, input);
  }

  @HandleQuery(ListMyHolds)
  async listMyHolds(
    input: HandledInputOf<typeof ListMyHolds>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListMyHolds>> {
    return holdsOf(reader, requireUser(call), input);
  }

  @HandleQuery(ListUserHolds)
  async listUserHolds(
    input: HandledInputOf<typeof ListUserHolds>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListUserHolds>> {
    requirePermission(call, 'ledger.read');
    return holdsOf(reader, input.user_id, input);
  }
}

interface Page {
  page: number;
  page_size: number;
}

async function pageOf<Row>(
  reader: Reader,
  select: { table: string; columns: string; userId: number },
  { page, page_size }: Page,
): Promise<{ rows: Row[]; total: number }> {
  const total = await reader.count(`${select.table} WHERE user_id = ?`, [select.userId]);
  const rows = await reader.query<Row>(
    `SELECT ${select.columns} FROM ${select.table} WHERE user_id = ? ORDER BY id DESC
     LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    [select.userId],
  );
  return { rows, total };
}

async function recordsOf(reader: Reader, userId: number, input: Page): Promise<OutputOf<typeof ListPointRecords>> {
  const columns = 'id, points, type, description, balance_after, reverses_id, created_at';
  const { rows, total } = await pageOf<RecordRow>(reader, { table: 'point_records', columns, userId }, input);
  const items = rows.map((row) => ({ ...row, type: recordTypeOf(row.type), created_at: isoTime(row.created_at) }));
  return { items, page: input.page, page_size: input.page_size, total };
}

async function holdsOf(reader: Reader, userId: number, input: Page): Promise<OutputOf<typeof ListMyHolds>> {
  const { rows, total } = await pageOf<HoldRow>(reader, { table: 'point_holds', columns: holdColumns, userId }, input);
  const items = rows.map((row) => ({
    ...row,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  }));
  return { items, page: input.page, page_size: input.page_size, total };
}
