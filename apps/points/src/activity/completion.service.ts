import { Controller } from '@nestjs/common';
import { ActivityTried, AppError, CompleteActivity, type HandledInputOf, type OutputOf } from '#contracts';
import { fromSqlTimeOrNull, sqlTime, sqlTimeOrNull } from '#database';
import { HandleCommand, Refusal, requireUser, type CommandContext } from '#messaging';
import { ActivityMetrics } from './activity.metrics.js';
import { ActivityRewardService } from './activity-reward.service.js';
import { isRunning, judgeCode } from './activity.rules.js';
import {
  factOf,
  findParticipant,
  lockPublicActivity,
  memberViewOf,
  planOf,
  type ActivityRow,
  type ParticipantRow,
} from './activity.store.js';
import { accuracyAtMostM, judgePosition } from './geofence.rules.js';

type Shown = HandledInputOf<typeof CompleteActivity>;

interface Attempt {
  readonly shown: Shown;
  readonly activity: ActivityRow;
  readonly participant: ParticipantRow;
}

/** Members show that they took part (P-05): by the code of the event, by where they are, or by asking an admin. */
@Controller()
export class CompletionService {
  constructor(
    private readonly rewards: ActivityRewardService,
    private readonly metrics: ActivityMetrics,
  ) {}

  @HandleCommand(CompleteActivity)
  async complete(shown: Shown, context: CommandContext): Promise<OutputOf<typeof CompleteActivity> | Refusal> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const activity = await lockPublicActivity(tx, shown.id);
    if (activity.state !== 'open') throw new AppError('activity.not_open', { state: activity.state });
    const participant = await findParticipant(tx, shown.id, userId);
    if (participant?.status === 'completed') throw new AppError('activity.already_completed');
    if (participant?.status !== 'joined') throw new AppError('activity.not_joined');
    if (!isRunning(planOf(activity), now)) throw new AppError('activity.not_running');
    const attempt = { shown, activity, participant };
    switch (activity.way) {
      case 'approval':
        return this.askForApproval(context, attempt);
      case 'code': {
        const refusal = await this.checkCode(context, attempt);
        return refusal ?? this.reward(context, attempt);
      }
      case 'geofence':
        checkPosition(attempt);
        return this.reward(context, attempt);
    }
  }

  private async reward(
    context: CommandContext,
    { activity, participant }: Attempt,
  ): Promise<OutputOf<typeof CompleteActivity>> {
    const { balance } = await this.rewards.reward(context, activity, participant.user_id);
    const after = await findParticipant(context.tx, activity.id, participant.user_id);
    return { activity: memberViewOf(activity, after), points: activity.points, balance };
  }

  private async askForApproval(
    context: CommandContext,
    { shown, activity, participant }: Attempt,
  ): Promise<OutputOf<typeof CompleteActivity>> {
    if (shown.code !== undefined || shown.latitude !== undefined)
      throw new AppError('activity.wrong_way', { way: activity.way });
    const requestedAt = sqlTime(context.now);
    const note = shown.note ?? null;
    await context.tx.execute(
      'UPDATE activity_participants SET requested_at = ?, note = ? WHERE activity_id = ? AND user_id = ?',
      [requestedAt, note, activity.id, participant.user_id],
    );
    this.tell(context, activity, participant.user_id, 'approval_asked');
    const after = { ...participant, requested_at: requestedAt, note };
    return { activity: memberViewOf(activity, after), points: null, balance: null };
  }

  /** A wrong code is counted, so its refusal keeps what was written. */
  private async checkCode(
    context: CommandContext,
    { shown, activity, participant }: Attempt,
  ): Promise<Refusal | undefined> {
    if (shown.code === undefined) throw new AppError('activity.wrong_way', { way: activity.way });
    const until = fromSqlTimeOrNull(participant.tries_until);
    const verdict = judgeCode(activity.code ?? '', shown.code, { wrong: participant.wrong_tries, until }, context.now);
    if (verdict.kind === 'right') return undefined;
    if (verdict.kind === 'locked_out') {
      const retryAfterSeconds = Math.ceil((verdict.until.getTime() - context.now.getTime()) / 1000);
      throw new AppError('activity.too_many_tries', { retry_after_seconds: retryAfterSeconds });
    }
    await context.tx.execute(
      'UPDATE activity_participants SET wrong_tries = ?, tries_until = ? WHERE activity_id = ? AND user_id = ?',
      [verdict.tries.wrong, sqlTimeOrNull(verdict.tries.until), activity.id, participant.user_id],
    );
    this.tell(context, activity, participant.user_id, 'wrong_code');
    return new Refusal(new AppError('activity.code_wrong', { tries_left: verdict.triesLeft }));
  }

  private tell(
    context: CommandContext,
    activity: ActivityRow,
    userId: number,
    what: 'approval_asked' | 'wrong_code',
  ): void {
    const payload = { ...factOf(activity), user_id: userId, what };
    context.emit(ActivityTried, payload, { user_id: userId, after: { activity_id: activity.id, what } });
    this.metrics.participation(context.tx, what);
  }
}

function checkPosition({ shown, activity }: Attempt): void {
  const { latitude, longitude, accuracy_m = 0 } = shown;
  if (latitude === undefined || longitude === undefined)
    throw new AppError('activity.wrong_way', { way: activity.way });
  const place = {
    latitude: activity.latitude ?? 0,
    longitude: activity.longitude ?? 0,
    radiusM: activity.radius_m ?? 0,
  };
  const verdict = judgePosition(place, { latitude, longitude }, accuracy_m);
  if (verdict.kind === 'too_vague') {
    const params = { accuracy_m: Math.round(accuracy_m), limit_m: accuracyAtMostM };
    throw new AppError('activity.location_too_vague', params);
  }
  if (verdict.kind === 'too_far')
    throw new AppError('activity.too_far', { distance_m: verdict.distanceM, radius_m: place.radiusM });
}
