import { Controller } from '@nestjs/common';
import { UserChanged, UserCreated, UserStatusChanged, type PayloadOf } from '#contracts';
import { sqlTime, type SqlValue, type Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';

const nameLengthAtMost = 128;

/** What service `user` tells of members, as far as leaderboards depend on it (P-08). */
@Controller()
export class LeaderboardMemberService {
  @HandleEvent(UserCreated)
  async userCreated(
    { user_id, kind, first_name }: PayloadOf<typeof UserCreated>,
    context: EventContext,
  ): Promise<void> {
    if (kind === 'person') await change(context, user_id, { display_name: shortened(first_name) });
  }

  /** The name that Telegram tells counts until the member has chosen one. */
  @HandleEvent(UserChanged)
  async userChanged({ user_id, first_name }: PayloadOf<typeof UserChanged>, { tx, now }: EventContext): Promise<void> {
    await tx.execute(
      'UPDATE leaderboard_members SET display_name = ?, touched_at = ? WHERE user_id = ? AND settings_version = 0',
      [shortened(first_name), sqlTime(now), user_id],
    );
  }

  @HandleEvent(UserStatusChanged)
  async statusChanged({ user_id, status }: PayloadOf<typeof UserStatusChanged>, context: EventContext): Promise<void> {
    const { tx, now, message } = context;
    await lockMember(tx, user_id, sqlTime(now));
    const at = sqlTime(new Date(message.occurred_at));
    // Events may come in another order: the latest counts.
    await tx.execute(
      `UPDATE leaderboard_members SET is_active = ?, status_at = ?, touched_at = ?
       WHERE user_id = ? AND (status_at IS NULL OR status_at < ?)`,
      [status === 'active' ? 1 : 0, at, sqlTime(now), user_id, at],
    );
  }
}

/** Writes some columns of a member's row, making it where it is not there yet. */
export async function change(
  { tx, now }: EventContext,
  userId: number,
  columns: Readonly<Record<string, SqlValue>>,
): Promise<void> {
  await lockMember(tx, userId, sqlTime(now));
  const names = Object.keys(columns);
  await tx.execute(
    `UPDATE leaderboard_members SET ${names.map((name) => `${name} = ?`).join(', ')}, touched_at = ? WHERE user_id = ?`,
    [...names.map((name) => columns[name] ?? null), sqlTime(now), userId],
  );
}

export async function lockMember(tx: Tx, userId: number, now: string): Promise<void> {
  const empty = { user_id: userId, display_name: '', listed: '[]', touched_at: now };
  await tx.upsert('leaderboard_members', empty, { conflict: ['user_id'] });
}

export function shortened(name: string): string {
  return [...name].slice(0, nameLengthAtMost).join('');
}
