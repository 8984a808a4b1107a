import { Controller } from '@nestjs/common';
import {
  ActivityJoined,
  ActivityLeft,
  AppError,
  JoinActivity,
  LeaveActivity,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, requireUser, type CommandContext } from '#messaging';
import { ActivityPlacesService } from './activity-places.service.js';
import { ActivityMetrics } from './activity.metrics.js';
import { decideJoin, type JoinDecision } from './activity.rules.js';
import {
  factOf,
  findParticipant,
  lockPublicActivity,
  memberViewOf,
  planOf,
  type ActivityRow,
} from './activity.store.js';

/** Members come and go (P-05). The activity's lock is taken first: places are counted exactly, however many come at once. */
@Controller()
export class ParticipationService {
  constructor(
    private readonly places: ActivityPlacesService,
    private readonly metrics: ActivityMetrics,
  ) {}

  @HandleCommand(JoinActivity)
  async join(
    { id }: HandledInputOf<typeof JoinActivity>,
    context: CommandContext,
  ): Promise<OutputOf<typeof JoinActivity>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const activity = await lockPublicActivity(tx, id);
    const known = await findParticipant(tx, id, userId);
    if (known && known.status !== 'left') throw new AppError('activity.already_joined');
    const { state, joined, waiting } = activity;
    const waitlist = activity.waitlist === 1;
    const decided = decideJoin({ plan: planOf(activity), state, joined, waiting, waitlist, now });
    const status = placeOrRefusal(decided, activity);
    const fresh = { status, joined_at: sqlTime(now), requested_at: null, note: null, reason: null };
    const kept = { wrong_tries: known?.wrong_tries ?? 0, tries_until: known?.tries_until ?? null };
    await tx.upsert(
      'activity_participants',
      { activity_id: id, user_id: userId, ...fresh, ...kept },
      { conflict: ['activity_id', 'user_id'], update: Object.keys(fresh) },
    );
    const counted = status === 'joined' ? 'joined' : 'waiting';
    await tx.execute(`UPDATE activities SET ${counted} = ${counted} + 1 WHERE id = ?`, [id]);
    context.emit(
      ActivityJoined,
      { ...factOf(activity), user_id: userId, status },
      { user_id: userId, before: { status: known?.status ?? null }, after: { activity_id: id, status } },
    );
    this.metrics.participation(tx, status);
    const after = { ...activity, [counted]: activity[counted] + 1 };
    return memberViewOf(after, await findParticipant(tx, id, userId));
  }

  /** Gives the place back, and hands it to the first who waits. */
  @HandleCommand(LeaveActivity)
  async leave(
    { id }: HandledInputOf<typeof LeaveActivity>,
    context: CommandContext,
  ): Promise<OutputOf<typeof LeaveActivity>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const activity = await lockPublicActivity(tx, id);
    const known = await findParticipant(tx, id, userId);
    if (known?.status === 'completed') throw new AppError('activity.already_completed');
    if (known?.status !== 'joined' && known?.status !== 'waiting') throw new AppError('activity.not_joined');
    const hasStarted = now >= planOf(activity).startsAt;
    if (hasStarted && known.status === 'joined') throw new AppError('activity.already_started');
    await tx.execute("UPDATE activity_participants SET status = 'left' WHERE activity_id = ? AND user_id = ?", [
      id,
      userId,
    ]);
    const counted = known.status === 'joined' ? 'joined' : 'waiting';
    await tx.execute(`UPDATE activities SET ${counted} = ${counted} - 1 WHERE id = ?`, [id]);
    context.emit(
      ActivityLeft,
      { ...factOf(activity), user_id: userId },
      { user_id: userId, before: { status: known.status }, after: { activity_id: id, status: 'left' } },
    );
    this.metrics.participation(tx, 'left');
    const after = await this.places.promote(context, { ...activity, [counted]: activity[counted] - 1 });
    return memberViewOf(after, { ...known, status: 'left' });
  }
}

function placeOrRefusal(decided: JoinDecision, { state, capacity }: ActivityRow): 'joined' | 'waiting' {
  switch (decided) {
    case 'joined':
    case 'waiting':
      return decided;
    case 'not_open':
      throw new AppError('activity.not_open', { state });
    case 'registration_closed':
      throw new AppError('activity.registration_closed');
    case 'full':
      throw new AppError('activity.full', { capacity });
  }
}
