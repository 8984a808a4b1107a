import { Controller } from '@nestjs/common';
import { bookProblems, ListImbalances, VerifyLedger, type HandledInputOf, type OutputOf } from '#contracts';
import { isoTime, type SqlTime } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';
import { verifySeals } from './seal.inspector.js';

/** Whether the books are right and untouched, for admins (P-01). */
@Controller()
export class LedgerAuditService {
  @HandleQuery(VerifyLedger)
  async verify(
    input: HandledInputOf<typeof VerifyLedger>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof VerifyLedger>> {
    requirePermission(call, 'ledger.read');
    const result = await verifySeals(reader, input.after_seal_id, input.limit);
    return {
      checked_seals: result.seals,
      checked_records: result.records,
      problems: result.problems.map(({ sealId, firstId, lastId, problem }) => ({
        seal_id: sealId,
        first_id: firstId,
        last_id: lastId,
        problem,
      })),
      next_after_seal_id: result.nextAfter,
      digest: result.digest,
    };
  }

  @HandleQuery(ListImbalances)
  async imbalances(
    { page, page_size }: HandledInputOf<typeof ListImbalances>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListImbalances>> {
    requirePermission(call, 'ledger.read');
    const total = await reader.count('point_imbalances');
    const rows = await reader.query<{ user_id: number; problem: string; found_at: SqlTime }>(
      `SELECT user_id, problem, found_at FROM point_imbalances ORDER BY user_id
       LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    );
    const items = rows.map(({ user_id, problem, found_at }) => ({
      user_id,
      problem: bookProblems.find((known) => known === problem) ?? ('balance' as const),
      found_at: isoTime(found_at),
    }));
    return { items, page, page_size, total };
  }
}
