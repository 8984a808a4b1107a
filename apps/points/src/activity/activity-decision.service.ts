import { Controller } from '@nestjs/common';
import { ActivityRefused, AppError, DecideParticipation, type HandledInputOf, type OutputOf } from '#contracts';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { refuseOwn } from '../ledger/second-admin.rules.js';
import { ActivityMetrics } from './activity.metrics.js';
import { ActivityRewardService } from './activity-reward.service.js';
import { isDecidable } from './activity.rules.js';
import {
  factOf,
  findParticipant,
  lockActivity,
  planOf,
  type ActivityRow,
  type ParticipantRow,
} from './activity.store.js';

type Wish = HandledInputOf<typeof DecideParticipation>;
type Skipped = OutputOf<typeof DecideParticipation>['skipped'][number];

/**
 * An admin says who took part (P-05): from the start on, whatever the activity's way, and until 30 days after its end; of themselves
 * another one says it.
 */
@Controller()
export class ActivityDecisionService {
  constructor(
    private readonly rewards: ActivityRewardService,
    private readonly metrics: ActivityMetrics,
  ) {}

  @HandleCommand(DecideParticipation)
  async decide(input: Wish, context: CommandContext): Promise<OutputOf<typeof DecideParticipation>> {
    const { tx, now, call } = context;
    requirePermission(call, 'participation.decide');
    for (const userId of input.user_ids) refuseOwn(call, userId);
    if (!input.approved && input.reason === null)
      throw new AppError('activity.invalid', { problems: [{ path: 'reason', problem: 'missing' }] });
    const activity = await lockActivity(tx, input.id);
    if (activity.state !== 'open' && activity.state !== 'closed')
      throw new AppError('activity.state_conflict', { state: activity.state, wanted: 'decided' });
    if (!isDecidable(planOf(activity), now)) throw new AppError('activity.not_running');
    const decided: number[] = [];
    const skipped: Skipped[] = [];
    // Accounts are locked in one order, so that two decisions at once do not wait for each other.
    const userIds = [...new Set(input.user_ids)].sort((left, right) => left - right);
    for (const userId of userIds) {
      const because = skipReason(await findParticipant(tx, input.id, userId), input.approved);
      if (because) skipped.push({ user_id: userId, because });
      else {
        await this.settle(context, activity, userId, input);
        decided.push(userId);
      }
    }
    return { decided, skipped };
  }

  private async settle(context: CommandContext, activity: ActivityRow, userId: number, wish: Wish): Promise<void> {
    const { actor } = context.call;
    const decidedBy = actor.kind === 'user' ? actor.user_id : null;
    if (wish.approved) {
      await this.rewards.reward(context, activity, userId, decidedBy);
      return;
    }
    await context.tx.execute(
      `UPDATE activity_participants SET status = 'refused', reason = ?, decided_by = ?
       WHERE activity_id = ? AND user_id = ?`,
      [wish.reason, decidedBy, activity.id, userId],
    );
    context.emit(
      ActivityRefused,
      { ...factOf(activity), user_id: userId, reason: wish.reason },
      { user_id: userId, before: { status: 'joined' }, after: { activity_id: activity.id, status: 'refused' } },
    );
    this.metrics.participation(context.tx, 'refused');
  }
}

/** Why there is nothing to decide about; a refusal can still be turned into an approval, points cannot be taken back here. */
function skipReason(participant: ParticipantRow | undefined, approved: boolean): Skipped['because'] | undefined {
  switch (participant?.status) {
    case 'joined':
      return undefined;
    case 'refused':
      return approved ? undefined : 'decided_already';
    case 'completed':
      return 'decided_already';
    case 'waiting':
      return 'waiting';
    case 'left':
    case undefined:
      return 'not_joined';
  }
}
