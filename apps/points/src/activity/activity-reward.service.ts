import { Injectable } from '@nestjs/common';
import { ActivityCompleted } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { LedgerService } from '../ledger/ledger.service.js';
import { ActivityMetrics } from './activity.metrics.js';
import { factOf, titleOf, type ActivityRow } from './activity.store.js';

/** Gives a participant the activity's points, once (P-05). The caller holds the activity's lock and has checked the status. */
@Injectable()
export class ActivityRewardService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly metrics: ActivityMetrics,
  ) {}

  async reward(
    context: CommandContext,
    activity: ActivityRow,
    userId: number,
    decidedBy: number | null = null,
  ): Promise<{ balance: number }> {
    const { tx, now, call } = context;
    const { id, points, way } = activity;
    await tx.execute(
      `UPDATE activity_participants SET status = 'completed', completed_at = ?, points = ?, reason = NULL, decided_by = ?
       WHERE activity_id = ? AND user_id = ?`,
      [sqlTime(now), points, decidedBy, id, userId],
    );
    const account = await this.ledger.lockAccount(context, userId);
    const { balance } = await this.ledger.post(context, account, [
      { type: 'activity', points, description: titleOf(activity).zh, key: `activity:${id}:${userId}` },
    ]);
    const { channel } = call;
    context.emit(
      ActivityCompleted,
      { ...factOf(activity), user_id: userId, way, points, balance, channel },
      {
        user_id: userId,
        before: { balance: account.balance },
        after: { activity_id: id, status: 'completed', balance },
      },
    );
    this.metrics.participation(context.tx, 'completed');
    return { balance };
  }
}
