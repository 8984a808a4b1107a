import { Injectable } from '@nestjs/common';
import { ActivityPlaceFreed } from '#contracts';
import { isoTime } from '#database';
import type { CommandContext } from '#messaging';
import { ActivityMetrics } from './activity.metrics.js';
import { factOf, type ActivityRow } from './activity.store.js';

const promotedAtMost = 500;

/** Gives free places to those who wait, in the order in which they came. The caller holds the activity's lock. */
@Injectable()
export class ActivityPlacesService {
  constructor(private readonly metrics: ActivityMetrics) {}

  /** Returns the activity as it stands afterwards. */
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
}
