import { Controller } from '@nestjs/common';
import {
  GroupMemberChanged,
  GroupMigrated,
  UserChanged,
  UserCreated,
  UserSettingsChanged,
  UserStatusChanged,
  type PayloadOf,
} from '#contracts';
import { placeholders, sqlTime, type Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { isErased } from '#service';

const nameLengthAtMost = 128;
const groupMembersAtMost = 5_000;
const longAgo = sqlTime(new Date(0));

/** What service `user` tells of members, as far as leaderboards depend on it (P-08). Who is erased gets no name back (U-15). */
@Controller()
export class LeaderboardMemberService {
  @HandleEvent(UserCreated)
  async userCreated(
    { user_id, kind, first_name }: PayloadOf<typeof UserCreated>,
    context: EventContext,
  ): Promise<void> {
    if (kind !== 'person' || (await isErased(context.tx, user_id))) return;
    await lockMember(context.tx, user_id, sqlTime(context.now));
    await takeTelegramName(context, user_id, first_name);
  }

  @HandleEvent(UserChanged)
  async userChanged({ user_id, first_name }: PayloadOf<typeof UserChanged>, context: EventContext): Promise<void> {
    if (await isErased(context.tx, user_id)) return;
    await takeTelegramName(context, user_id, first_name);
  }

  /** What the member says about themselves: the newest version counts. */
  @HandleEvent(UserSettingsChanged)
  async settingsChanged(settings: PayloadOf<typeof UserSettingsChanged>, { tx, now }: EventContext): Promise<void> {
    const { user_id, version, display_name, show_in_leaderboards, region } = settings;
    if (await isErased(tx, user_id)) return;
    await lockMember(tx, user_id, sqlTime(now));
    await tx.execute(
      `UPDATE leaderboard_members SET display_name = ?, is_shown = ?, province = ?, city = ?, settings_version = ?, touched_at = ?
       WHERE user_id = ? AND settings_version < ?`,
      [
        shortened(display_name),
        show_in_leaderboards ? 1 : 0,
        region.province,
        region.city,
        version,
        sqlTime(now),
        user_id,
        version,
      ],
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

/** Who is in which group. What is not known is not on the group's board. */
@Controller()
export class LeaderboardGroupService {
  @HandleEvent(GroupMemberChanged)
  async memberChanged(event: PayloadOf<typeof GroupMemberChanged>, { tx, now }: EventContext): Promise<void> {
    const { chat_id, user_id, standing, at } = event;
    if (user_id === null || (await isErased(tx, user_id))) return;
    const seenAt = sqlTime(new Date(at));
    const row = { chat_id, user_id, is_in: 0, seen_at: longAgo };
    await tx.upsert('leaderboard_groups', row, { conflict: ['chat_id', 'user_id'] });
    // Events may come in another order: the latest sighting counts.
    await tx.execute(
      'UPDATE leaderboard_groups SET is_in = ?, seen_at = ? WHERE chat_id = ? AND user_id = ? AND seen_at <= ?',
      [standing === 'in' ? 1 : 0, seenAt, chat_id, user_id, seenAt],
    );
    await lockMember(tx, user_id, sqlTime(now));
    await tx.execute('UPDATE leaderboard_members SET touched_at = ? WHERE user_id = ?', [sqlTime(now), user_id]);
  }

  /** A group that became a supergroup has another number, and the same people. */
  @HandleEvent(GroupMigrated)
  async migrated({ from_chat_id, chat_id }: PayloadOf<typeof GroupMigrated>, { tx, now }: EventContext): Promise<void> {
    const members = await tx.query<{ user_id: number; is_in: number; seen_at: string }>(
      `SELECT user_id, is_in, seen_at FROM leaderboard_groups WHERE chat_id = ? ORDER BY user_id LIMIT ${groupMembersAtMost}${tx.lock}`,
      [from_chat_id],
    );
    if (members.length === 0) return;
    const moved = members.map((member) => ({ chat_id, ...member }));
    await tx.upsert('leaderboard_groups', moved, { conflict: ['chat_id', 'user_id'] });
    const ids = members.map(({ user_id }) => user_id);
    const list = placeholders(ids.length);
    await tx.executeOnce(`DELETE FROM leaderboard_groups WHERE chat_id = ? AND user_id IN (${list})`, [
      from_chat_id,
      ...ids,
    ]);
    await tx.executeOnce(`UPDATE leaderboard_members SET touched_at = ? WHERE user_id IN (${list})`, [
      sqlTime(now),
      ...ids,
    ]);
  }
}

/** The name that Telegram tells counts until the member has chosen one; events may come in another order. */
async function takeTelegramName({ tx, now }: EventContext, userId: number, name: string): Promise<void> {
  await tx.execute(
    'UPDATE leaderboard_members SET display_name = ?, touched_at = ? WHERE user_id = ? AND settings_version = 0',
    [shortened(name), sqlTime(now), userId],
  );
}

/** The member's row, made where it is not there yet. */
async function lockMember(tx: Tx, userId: number, now: string): Promise<void> {
  const empty = { user_id: userId, display_name: '', listed: '[]', touched_at: now };
  await tx.upsert('leaderboard_members', empty, { conflict: ['user_id'] });
}

function shortened(name: string): string {
  return [...name].slice(0, nameLengthAtMost).join('');
}
