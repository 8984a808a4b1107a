import { Injectable } from '@nestjs/common';
import { CacheUnavailableError, type Neighbours, type ScoreSets, type Standing } from '#cache';
import { AppError, type BoardMetric, type BoardScope, type GetLeaderboard, type OutputOf } from '#contracts';
import { placeholders, type Reader } from '#database';
import { requireUser, type QueryContext } from '#messaging';
import { InjectScoreSets } from '#service';
import { ranksOf } from './leaderboard-rank.rules.js';
import { LeaderboardStateStore } from './leaderboard-state.store.js';
import { boardName, cityScope, groupScope, isStaff, markOf, provinceScope, setOf } from './leaderboard.rules.js';

/** One board of the valid generation. */
export interface Board {
  readonly generation: string;
  readonly set: string;
  /** Province or city, as the member has written it. */
  readonly place: string | null;
}

interface WantedBoard {
  readonly metric: BoardMetric;
  readonly scope: BoardScope;
  readonly chat_id?: string | undefined;
}

/** The one that was valid a moment ago, and the one that is. */
const generationsAsked = 2;

/** Reads boards for questions. */
@Injectable()
export class LeaderboardReader {
  constructor(
    private readonly state: LeaderboardStateStore,
    @InjectScoreSets() private readonly sets: ScoreSets,
  ) {}

  size(board: Board): Promise<number> {
    return available(() => this.sets.size(board.set));
  }

  /** One question to the engine, whatever is wanted of it; null where the member is not on the board. */
  standing(board: Board, userId: number, neighbours: number): Promise<Standing | null> {
    return available(() => this.sets.standing(board.set, userId, neighbours));
  }

  /** The members from a position on, with their ranks and names, and how many the board has. */
  async entries(
    reader: Reader,
    board: Board,
    { position, count, userId }: { position: number; count: number; userId: number },
  ): Promise<Pick<OutputOf<typeof GetLeaderboard>, 'items' | 'members'>> {
    const { members, above, size } = await available(() => this.sets.page(board.set, position, count));
    const names = await namesOf(
      reader,
      members.map(({ member }) => member),
    );
    return { items: entriesOf({ from: position, above, members }, names, userId), members: size };
  }

  /**
   * Asks a board. One that is lost looks like one that nobody is on: then the mark of its generation says which it is, and whether
   * another one has become valid meanwhile. @throws AppError leaderboard.not_ready, leaderboard.no_region, leaderboard.group_unknown.
   */
  async ask<Answer extends { readonly members: number }>(
    wanted: WantedBoard,
    periodName: string,
    context: QueryContext,
    question: (board: Board) => Promise<Answer>,
  ): Promise<Answer> {
    for (let attempt = 0; attempt < generationsAsked; attempt += 1) {
      const board = await this.board(wanted, periodName, context);
      const answer = await question(board);
      if (answer.members > 0 || (await available(() => this.sets.size(markOf(board.generation)))) > 0) return answer;
      this.state.forget();
    }
    throw new AppError('leaderboard.not_ready');
  }

  private async board(wanted: WantedBoard, periodName: string, context: QueryContext): Promise<Board> {
    const generation = await this.state.generation();
    if (generation === null) throw new AppError('leaderboard.not_ready');
    const { scope, place } = await scopeFor(wanted, context);
    return { generation, set: setOf(generation, boardName(wanted.metric, periodName, scope)), place };
  }
}

/** Stands in the place of who has gone or does not want to be seen any more, and is on the board for a moment still. */
export const nameless = '—';

/** Members with ranks and names. */
export function entriesOf(
  { from, above, members }: Neighbours,
  names: ReadonlyMap<number, string>,
  userId: number,
): OutputOf<typeof GetLeaderboard>['items'] {
  const ranks = ranksOf(members, from, above);
  return members.map(({ member, score }, index) => ({
    rank: ranks[index] ?? from + index + 1,
    name: names.get(member) ?? nameless,
    score,
    is_me: member === userId,
  }));
}

/** Names of members who may be seen now. */
export async function namesOf(reader: Reader, userIds: readonly number[]): Promise<Map<number, string>> {
  return (await seenAmong(reader, userIds, null)).names;
}

/** The same, and whether one member does not want to be seen: one question for both. */
export async function seenAmong(
  reader: Reader,
  userIds: readonly number[],
  userId: number | null,
): Promise<{ names: Map<number, string>; isHidden: boolean }> {
  const ids = userId === null || userIds.includes(userId) ? userIds : [...userIds, userId];
  if (ids.length === 0) return { names: new Map(), isHidden: false };
  const rows = await reader.query<{ user_id: number; display_name: string; is_shown: number; is_active: number }>(
    `SELECT user_id, display_name, is_shown, is_active FROM leaderboard_members
     WHERE user_id IN (${placeholders(ids.length)})`,
    ids,
  );
  const seen = rows.filter(({ is_shown, is_active }) => is_shown === 1 && is_active === 1);
  return {
    names: new Map(seen.map(({ user_id, display_name }) => [user_id, display_name || `#${user_id}`])),
    isHidden: rows.some(({ user_id, is_shown }) => user_id === userId && is_shown === 0),
  };
}

/** Which scope the caller means. @throws AppError leaderboard.no_region, leaderboard.group_unknown. */
export async function scopeFor(
  { scope, chat_id }: WantedBoard,
  context: QueryContext,
): Promise<{ scope: string; place: string | null }> {
  const userId = requireUser(context.call);
  if (scope === 'national') return { scope, place: null };
  if (scope === 'group') return { scope: await groupFor(chat_id, userId, context), place: null };
  const row = await context.reader.one<{ province: string | null; city: string | null }>(
    'SELECT province, city FROM leaderboard_members WHERE user_id = ?',
    [userId],
  );
  const { province = null, city = null } = row ?? {};
  if (province === null || (scope === 'city' && city === null)) throw new AppError('leaderboard.no_region');
  if (scope === 'province') return { scope: provinceScope(province), place: province };
  return { scope: cityScope(province, city ?? ''), place: city };
}

/** A group's board is for those in it, and for staff. */
async function groupFor(chatId: string | undefined, userId: number, { reader, call }: QueryContext): Promise<string> {
  if (chatId === undefined) throw new AppError('leaderboard.group_unknown');
  const seesAll = call.actor.kind === 'user' && isStaff(call.actor.role);
  const row = await reader.one(
    `SELECT user_id FROM leaderboard_groups WHERE chat_id = ? AND is_in = 1${seesAll ? '' : ' AND user_id = ?'} LIMIT 1`,
    seesAll ? [chatId] : [chatId, userId],
  );
  if (!row) throw new AppError('leaderboard.group_unknown');
  return groupScope(chatId);
}

async function available<Result>(question: () => Promise<Result>): Promise<Result> {
  try {
    return await question();
  } catch (error) {
    throw error instanceof CacheUnavailableError ? new AppError('system.unavailable') : error;
  }
}
