import { Injectable } from '@nestjs/common';
import { ActivityCancelled, ActivityMoved, ActivityPlaceFreed, activityUsersToldAtMost } from '#contracts';
import { isoTime, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import { ActivityMetrics } from './activity.metrics.js';
import { factOf, type ActivityRow } from './activity.store.js';

const promotedAtMost = 500;

/** Who has a place in an activity or waits for one (P-05). The caller holds the activity's lock. */
@Injectable()
export class ActivityPlacesService {
  constructor(private readonly metrics: ActivityMetrics) {}

  /** Gives free places to those who wait, in the order in which they came; returns the activity as it stands afterwards. */
  async promote(context: CommandContext, activity: ActivityRow): Promise<ActivityRow> {
    const { tx } = context;
    const free = Math.min(activity.capacity - activity.joined, activity.waiting, promotedAtMost);
    if (free <= 0 || activity.state === 'cancelled') return activity;
    const next = await tx.query<{ user_id: number }>(
      `SELECT user_id FROM activity_participants WHERE activity_id = ? AND status = 'waiting'
       ORDER BY joined_at, user_id LIMIT ${free}`,
      [activity.id],
    );
    for (const { user_id: userId } of next) {
      await tx.execute("UPDATE activity_participants SET status = 'joined' WHERE activity_id = ? AND user_id = ?", [
        activity.id,
        userId,
      ]);
      context.emit(
        ActivityPlaceFreed,
        { ...factOf(activity), user_id: userId, starts_at: isoTime(activity.starts_at) },
        { user_id: userId, before: { status: 'waiting' }, after: { status: 'joined' } },
      );
    }
    const after = {
      ...activity,
      joined: activity.joined + next.length,
      waiting: activity.waiting - next.length,
    };
    await tx.execute('UPDATE activities SET joined = ?, waiting = ? WHERE id = ?', [
      after.joined,
      after.waiting,
      activity.id,
    ]);
    this.metrics.participation(tx, 'promoted', next.length);
    return after;
  }

  async tellCancelled(context: CommandContext, activity: ActivityRow): Promise<void> {
    const fact = { ...factOf(activity), starts_at: isoTime(activity.starts_at) };
    for (const userIds of await holdersOf(context.tx, activity)) {
      const change = { after: { activity_id: activity.id, told: userIds.length } };
      context.emit(ActivityCancelled, { ...fact, user_ids: userIds }, change);
    }
  }

  async tellMoved(context: CommandContext, activity: ActivityRow): Promise<void> {
    const times = { starts_at: isoTime(activity.starts_at), ends_at: isoTime(activity.ends_at) };
    for (const userIds of await holdersOf(context.tx, activity)) {
      const change = { after: { activity_id: activity.id, ...times, told: userIds.length } };
      context.emit(ActivityMoved, { ...factOf(activity), ...times, user_ids: userIds }, change);
    }
  }
}

/** Those who have a place or wait for one, in groups that fit into an event. */
async function holdersOf(tx: Tx, { id }: ActivityRow): Promise<number[][]> {
  const rows = await tx.query<{ user_id: number }>(
    `SELECT user_id FROM activity_participants WHERE activity_id = ? AND status IN ('joined', 'waiting') ORDER BY user_id`,
    [id],
  );
  const groups: number[][] = [];
  for (let from = 0; from < rows.length; from += activityUsersToldAtMost)
    groups.push(rows.slice(from, from + activityUsersToldAtMost).map(({ user_id }) => user_id));
  return groups;
}
