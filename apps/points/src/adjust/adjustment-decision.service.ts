import { Controller } from '@nestjs/common';
import {
  AdjustmentRejected,
  AppError,
  ApproveAdjustment,
  ListAdjustments,
  RejectAdjustment,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime, type SqlValue } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  requireUser,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { LedgerService, type Account } from '../ledger/ledger.service.js';
import { refusalToDecide } from './adjustment.rules.js';
import { adjustmentColumns, lockAdjustment, viewOfAdjustment, type AdjustmentRow } from './adjustment.store.js';
import { AdjustmentWriter } from './adjustment.writer.js';

/** The second pair of eyes (P-09): another admin approves or rejects, in time. */
@Controller()
export class AdjustmentDecisionService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly writer: AdjustmentWriter,
  ) {}

  @HandleCommand(ApproveAdjustment)
  async approve(
    { id }: HandledInputOf<typeof ApproveAdjustment>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ApproveAdjustment>> {
    requirePermission(context.call, 'adjustment.decide');
    requireStepUp(context.call);
    const { row, account, adminId } = await this.lockDecidable(context, id);
    return viewOfAdjustment(await this.writer.apply(context, account, row, adminId), context.now);
  }

  @HandleCommand(RejectAdjustment)
  async reject(
    { id, note }: HandledInputOf<typeof RejectAdjustment>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RejectAdjustment>> {
    requirePermission(context.call, 'adjustment.decide');
    const { row, adminId } = await this.lockDecidable(context, id);
    const decidedAt = sqlTime(context.now);
    await context.tx.execute(
      "UPDATE point_adjustments SET state = 'rejected', decided_by = ?, decided_at = ?, decision_note = ? WHERE id = ?",
      [adminId, decidedAt, note, id],
    );
    const { user_id, points, reason, requested_by } = row;
    context.emit(
      AdjustmentRejected,
      { adjustment_id: id, user_id, points, reason, requested_by, rejected_by: adminId, note },
      { user_id, before: { state: 'pending' }, after: { state: 'rejected', note } },
    );
    this.writer.count(context.tx, 'rejected');
    const decided = { state: 'rejected', decided_by: adminId, decided_at: decidedAt, decision_note: note } as const;
    return viewOfAdjustment({ ...row, ...decided }, context.now);
  }

  @HandleQuery(ListAdjustments)
  async list(
    input: HandledInputOf<typeof ListAdjustments>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof ListAdjustments>> {
    requirePermission(call, 'adjustment.read');
    const conditions: { sql: string; values: SqlValue[] }[] = [
      { sql: '1 = 1', values: [] },
      ...(input.user_id === undefined ? [] : [{ sql: 'user_id = ?', values: [input.user_id] }]),
      ...(input.state === undefined ? [] : [stateCondition(input.state, now)]),
    ];
    const where = conditions.map(({ sql }) => sql).join(' AND ');
    const values = conditions.flatMap((condition) => condition.values);
    const total = await reader.count(`point_adjustments WHERE ${where}`, values);
    const offset = (input.page - 1) * input.page_size;
    const rows = await reader.query<AdjustmentRow>(
      `SELECT ${adjustmentColumns} FROM point_adjustments WHERE ${where}
       ORDER BY id DESC LIMIT ${input.page_size} OFFSET ${offset}`,
      values,
    );
    const items = rows.map((row) => viewOfAdjustment(row, now));
    return { items, page: input.page, page_size: input.page_size, total };
  }

  /** The account first, then the adjustment: whose account it is never changes, so it may be read before. */
  private async lockDecidable(
    context: CommandContext,
    id: number,
  ): Promise<{ row: AdjustmentRow; account: Account; adminId: number }> {
    const adminId = requireUser(context.call);
    const { tx, now } = context;
    const owner = await tx.one<{ user_id: number }>('SELECT user_id FROM point_adjustments WHERE id = ?', [id]);
    if (!owner) throw new AppError('adjustment.unknown');
    const account = await this.ledger.lockAccount(context, owner.user_id);
    const row = await lockAdjustment(tx, id);
    if (!row) throw new AppError('adjustment.unknown');
    const { state } = viewOfAdjustment(row, now);
    const refusal = refusalToDecide({ state, userId: row.user_id, requestedBy: row.requested_by }, adminId);
    if (refusal) throw new AppError(refusal as 'adjustment.expired');
    return { row, account, adminId };
  }
}

/** A pending request whose time is over is expired, whatever its row says. */
function stateCondition(
  state: NonNullable<HandledInputOf<typeof ListAdjustments>['state']>,
  now: Date,
): { sql: string; values: SqlValue[] } {
  if (state === 'pending') return { sql: "state = 'pending' AND expires_at > ?", values: [sqlTime(now)] };
  if (state === 'expired') return { sql: "state = 'pending' AND expires_at <= ?", values: [sqlTime(now)] };
  return { sql: 'state = ?', values: [state] };
}
