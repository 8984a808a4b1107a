import { Controller } from '@nestjs/common';
import {
  AppError,
  FollowUser,
  ListFollowers,
  ListFollowing,
  UnfollowUser,
  UserFollowed,
  UserUnfollowed,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, sqlTime, type SqlTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { userStatuses } from '../identity/profile.rules.js';
import { findUser, lockUser } from '../identity/user.store.js';
import { countFollows, followersSide, followingSide, followsFrom, type FollowSide } from './follow.store.js';

const followedAtMost = 1_000;

type Page = HandledInputOf<typeof ListFollowing>;
type FollowPage = OutputOf<typeof ListFollowing>;

/** Members follow members (U-16). */
@Controller()
export class FollowService {
  @HandleCommand(FollowUser)
  async follow(
    { user_id: followeeId }: HandledInputOf<typeof FollowUser>,
    context: CommandContext,
  ): Promise<OutputOf<typeof FollowUser>> {
    const { tx, now } = context;
    const followerId = requireUser(context.call);
    if (followerId === followeeId) throw new AppError('follow.own_account');
    // The follower's row is the lock under which the number is counted.
    await lockUser(tx, followerId);
    const followee = await findUser(tx, followeeId);
    if (followee?.status !== userStatuses.active || followee.kind !== 'person') throw new AppError('user.not_found');
    const done = { user_id: followeeId, following: true } as const;
    if (await this.follows(context, followerId, followeeId)) return done;
    const followed = await tx.count('follows WHERE follower_user_id = ?', [followerId]);
    if (followed >= followedAtMost) throw new AppError('follow.too_many', { limit: followedAtMost });
    await tx.insert('follows', {
      follower_user_id: followerId,
      followee_user_id: followeeId,
      created_at: sqlTime(now),
    });
    context.emit(
      UserFollowed,
      { user_id: followerId, followee_user_id: followeeId },
      { user_id: followerId, after: { follows: followeeId } },
    );
    return done;
  }

  @HandleCommand(UnfollowUser)
  async unfollow(
    { user_id: followeeId }: HandledInputOf<typeof UnfollowUser>,
    context: CommandContext,
  ): Promise<OutputOf<typeof UnfollowUser>> {
    const followerId = requireUser(context.call);
    const { affected } = await context.tx.execute(
      'DELETE FROM follows WHERE follower_user_id = ? AND followee_user_id = ?',
      [followerId, followeeId],
    );
    if (affected > 0) {
      context.emit(
        UserUnfollowed,
        { user_id: followerId, followee_user_id: followeeId },
        { user_id: followerId, before: { follows: followeeId } },
      );
    }
    return { user_id: followeeId, following: false };
  }

  @HandleQuery(ListFollowing)
  async listFollowing(page: Page, { reader, call }: QueryContext): Promise<FollowPage> {
    return pageOfFollows(reader, followingSide, requireUser(call), page);
  }

  @HandleQuery(ListFollowers)
  async listFollowers(page: Page, { reader, call }: QueryContext): Promise<FollowPage> {
    return pageOfFollows(reader, followersSide, requireUser(call), page);
  }

  private async follows({ tx }: CommandContext, followerId: number, followeeId: number): Promise<boolean> {
    const row = await tx.one('SELECT 1 FROM follows WHERE follower_user_id = ? AND followee_user_id = ?', [
      followerId,
      followeeId,
    ]);
    return row !== undefined;
  }
}

/** One side of the follows, with the names of the other. */
async function pageOfFollows(
  reader: QueryContext['reader'],
  side: FollowSide,
  userId: number,
  { page, page_size }: Page,
): Promise<FollowPage> {
  const total = await countFollows(reader, side, userId);
  const rows = await reader.query<{ user_id: number; first_name: string; since: SqlTime }>(
    `SELECT u.id AS user_id, u.first_name, f.created_at AS since FROM ${followsFrom(side)}
     ORDER BY f.created_at DESC, u.id DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    [userId],
  );
  const items = rows.map((row) => ({ ...row, since: isoTime(row.since) }));
  return { items, page, page_size, total };
}
