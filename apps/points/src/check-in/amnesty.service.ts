import { Controller } from '@nestjs/common';
import {
  AmnestyDeclared,
  AmnestyUndone,
  AppError,
  DeclareAmnesty,
  ListAmnesties,
  UndoAmnesty,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, isoTimeOrNull, sqlTime, type SqlTime } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { InjectSettings } from '#service';
import type { PointsSettings } from '../points.env.js';
import { amnestyProblem, amnestyUndoProblem } from './amnesty.rules.js';
import { communityDay } from '#calendar';

interface AmnestyRow {
  id: number;
  from_day: string;
  until_day: string;
  reason: string;
  declared_by: number | null;
  declared_at: SqlTime;
  undone_at: SqlTime | null;
  applied_at: SqlTime | null;
  members_changed: number;
}

const columns = 'id, from_day, until_day, reason, declared_by, declared_at, undone_at, applied_at, members_changed';

/** Days on which the platform was down (P-02): missing them breaks no streak. `amnesty.job.ts` counts the streaks anew. */
@Controller()
export class AmnestyService {
  constructor(@InjectSettings() private readonly settings: PointsSettings) {}

  @HandleCommand(DeclareAmnesty)
  async declare(
    input: HandledInputOf<typeof DeclareAmnesty>,
    context: CommandContext,
  ): Promise<OutputOf<typeof DeclareAmnesty>> {
    requirePermission(context.call, 'amnesty.declare');
    requireStepUp(context.call);
    const { from_day, until_day, reason } = input;
    const { tx, now, call } = context;
    const problem = amnestyProblem(input, communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    if (problem) throw new AppError('amnesty.window_invalid', { problem });
    const row = {
      from_day,
      until_day,
      reason,
      declared_by: call.actor.kind === 'user' ? call.actor.user_id : null,
      declared_at: sqlTime(now),
    };
    const { insertId: id } = await tx.insert('amnesties', row);
    context.emit(AmnestyDeclared, { amnesty_id: id, from_day, until_day, reason }, { after: { from_day, until_day } });
    return viewOf({ ...row, id, undone_at: null, applied_at: null, members_changed: 0 });
  }

  @HandleCommand(UndoAmnesty)
  async undo(
    { amnesty_id: id, reason }: HandledInputOf<typeof UndoAmnesty>,
    context: CommandContext,
  ): Promise<OutputOf<typeof UndoAmnesty>> {
    requirePermission(context.call, 'amnesty.declare');
    requireStepUp(context.call);
    const { tx, now } = context;
    const row = await tx.one<AmnestyRow>(`SELECT ${columns} FROM amnesties WHERE id = ?${tx.lock}`, [id]);
    if (!row) throw new AppError('amnesty.unknown');
    if (row.undone_at !== null) throw new AppError('amnesty.already_undone');
    const problem = amnestyUndoProblem(row, communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    if (problem) throw new AppError('amnesty.window_invalid', { problem });
    const undone_at = sqlTime(now);
    await tx.execute(
      'UPDATE amnesties SET undone_at = ?, applied_at = NULL, pass_started_at = NULL, passed_until = 0 WHERE id = ?',
      [undone_at, id],
    );
    context.emit(AmnestyUndone, { amnesty_id: id, reason }, { before: { undone: false }, after: { undone: true } });
    return viewOf({ ...row, undone_at, applied_at: null });
  }

  @HandleQuery(ListAmnesties)
  async list(
    { page, page_size }: HandledInputOf<typeof ListAmnesties>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListAmnesties>> {
    requirePermission(call, 'amnesty.read');
    const total = await reader.count('amnesties');
    const rows = await reader.query<AmnestyRow>(
      `SELECT ${columns} FROM amnesties ORDER BY id DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    );
    return { items: rows.map(viewOf), page, page_size, total };
  }
}

function viewOf(row: AmnestyRow): OutputOf<typeof DeclareAmnesty> {
  return {
    ...row,
    declared_at: isoTime(row.declared_at),
    undone_at: isoTimeOrNull(row.undone_at),
    applied_at: isoTimeOrNull(row.applied_at),
  };
}
