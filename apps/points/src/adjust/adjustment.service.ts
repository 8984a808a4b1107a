import { Controller } from '@nestjs/common';
import { AdjustmentRequested, AdjustPoints, AppError, type HandledInputOf, type OutputOf } from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, requirePermission, requireStepUp, requireUser, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { requireKnownMember } from '../ledger/known-member.store.js';
import { LedgerService } from '../ledger/ledger.service.js';
import type { PointsSettings } from '../points.env.js';
import { needsSecondAdmin } from './adjustment.rules.js';
import { countPending, unreviewedPoints, viewOfAdjustment, type AdjustmentRow } from './adjustment.store.js';
import { AdjustmentWriter } from './adjustment.writer.js';

const pendingAtMost = 500;
const hourMs = 3_600_000;

type Wish = HandledInputOf<typeof AdjustPoints>;

/** Admins give and take points (P-09). Locks the member's account first, as everything here that moves points does. */
@Controller()
export class AdjustmentService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly writer: AdjustmentWriter,
    @InjectSettings() private readonly settings: PointsSettings,
  ) {}

  @HandleCommand(AdjustPoints)
  async adjust(wish: Wish, context: CommandContext): Promise<OutputOf<typeof AdjustPoints>> {
    requirePermission(context.call, 'adjustment.request');
    const adminId = requireUser(context.call);
    const account = await this.ledger.lockAccount(context, wish.user_id);
    await requireKnownMember(context.tx, account);
    const before = await unreviewedPoints(context.tx, adminId, wish.user_id, context.now);
    const wanted = { points: wish.points, userId: wish.user_id, adminId, unreviewedPoints: before };
    const isWaiting = needsSecondAdmin(wanted, this.settings.ADJUST_FOUR_EYES_POINTS);
    if (isWaiting) requireStepUp(context.call);
    if (isWaiting && (await countPending(context.tx, context.now)) >= pendingAtMost)
      throw new AppError('adjustment.too_many_pending', { limit: pendingAtMost });
    const row = await this.insert(context, wish, adminId, isWaiting);
    if (isWaiting) return this.request(context, row);
    const applied = await this.writer.apply(context, account, row, null);
    return viewOfAdjustment(applied, context.now);
  }

  private request(context: CommandContext, row: AdjustmentRow): OutputOf<typeof AdjustPoints> {
    const view = viewOfAdjustment(row, context.now);
    const { id, user_id, points, reason, requested_by } = row;
    context.emit(
      AdjustmentRequested,
      { adjustment_id: id, user_id, points, reason, requested_by, expires_at: view.expires_at ?? '' },
      { user_id, after: { adjustment_id: id, state: 'pending', points, reason } },
    );
    this.writer.count(context.tx, 'requested');
    return view;
  }

  private async insert(
    { tx, now }: CommandContext,
    { user_id, points, reason }: Wish,
    adminId: number,
    isWaiting: boolean,
  ): Promise<AdjustmentRow> {
    const endsAt = new Date(now.getTime() + this.settings.ADJUST_REQUEST_HOURS * hourMs);
    const row = {
      user_id,
      points,
      reason,
      state: 'pending' as const,
      requested_by: adminId,
      requested_at: sqlTime(now),
      expires_at: isWaiting ? sqlTime(endsAt) : null,
      decided_by: null,
      decided_at: null,
      decision_note: null,
      balance_after: null,
    };
    const { insertId } = await tx.insert('point_adjustments', row);
    return { id: insertId, ...row };
  }
}
