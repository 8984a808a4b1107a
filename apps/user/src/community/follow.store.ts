import type { Reader } from '#database';
import { userStatuses } from '../identity/profile.rules.js';

/** One side of the follows: the column that is asked for, and the column of those who are shown. */
export interface FollowSide {
  readonly whose: 'follower_user_id' | 'followee_user_id';
  readonly shown: 'follower_user_id' | 'followee_user_id';
}

export const followingSide: FollowSide = { whose: 'follower_user_id', shown: 'followee_user_id' };
export const followersSide: FollowSide = { whose: 'followee_user_id', shown: 'follower_user_id' };

/** Who is banned or leaving is neither shown nor counted. Takes the id of the member as its one value. */
export function followsFrom({ whose, shown }: FollowSide): string {
  return `follows f JOIN users u ON u.id = f.${shown} AND u.status = ${userStatuses.active} WHERE f.${whose} = ?`;
}

/** How many there are on one side (U-16); an index holds the rows of each member. */
export function countFollows(reader: Reader, side: FollowSide, userId: number): Promise<number> {
  return reader.count(followsFrom(side), [userId]);
}
