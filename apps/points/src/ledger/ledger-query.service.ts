import { Controller } from '@nestjs/common';
import {
  GetBalance,
  ListPointRecords,
  pointRecordTypes,
  type HandledInputOf,
  type OutputOf,
  type PointRecordType,
} from '#contracts';
import { isoTime, type SqlTime } from '#database';
import { HandleQuery, requireUser, type QueryContext } from '#messaging';

interface RecordRow {
  id: number;
  points: number;
  type: number;
  description: string | null;
  balance_after: number;
  created_at: SqlTime;
}

const typeNames = new Map<number, PointRecordType>(
  Object.entries(pointRecordTypes).map(([name, number]) => [number, name as PointRecordType]),
);

/** Reads the ledger for its member. */
@Controller()
export class LedgerQueryService {
  @HandleQuery(GetBalance)
  async getBalance(
    _input: HandledInputOf<typeof GetBalance>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetBalance>> {
    const row = await reader.one<{ balance: number; frozen: number }>(
      'SELECT balance, frozen FROM point_accounts WHERE user_id = ?',
      [requireUser(call)],
    );
    const balance = row?.balance ?? 0;
    const frozen = row?.frozen ?? 0;
    return { balance, frozen, available: balance - frozen };
  }

  @HandleQuery(ListPointRecords)
  async listRecords(
    input: HandledInputOf<typeof ListPointRecords>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListPointRecords>> {
    const userId = requireUser(call);
    const count = await reader.one<{ total: number | string }>(
      'SELECT COUNT(*) AS total FROM point_records WHERE user_id = ?',
      [userId],
    );
    const offset = (input.page - 1) * input.page_size;
    const rows = await reader.query<RecordRow>(
      `SELECT id, points, type, description, balance_after, created_at FROM point_records
       WHERE user_id = ? ORDER BY id DESC LIMIT ${input.page_size} OFFSET ${offset}`,
      [userId],
    );
    const items = rows.map((row) => ({
      ...row,
      type: typeNames.get(row.type) ?? 'activity',
      created_at: isoTime(row.created_at),
    }));
    return { items, page: input.page, page_size: input.page_size, total: Number(count?.total ?? 0) };
  }
}
