import { Injectable } from '@nestjs/common';
import { CacheUnavailableError, type ScoreSets, type Standing } from '#cache';
import { AppError, type BoardMetric, type BoardScope, type GetLeaderboard, type OutputOf } from '#contracts';
import { Database, placeholders, type Reader } from '#database';
import { requireUser, type QueryContext } from '#messaging';
import { InjectScoreSets } from '#service';
import { ranksOf } from './leaderboard-rank.rules.js';
import { LeaderboardStateStore } from './leaderboard-state.store.js';
import { boardSet, cityScope, groupScope, maySeeNational, provinceScope } from './leaderboard.rules.js';

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

/** Reads boards for questions. */
@Injectable()
export class LeaderboardReader {
  constructor(
    private readonly database: Database,
    private readonly state: LeaderboardStateStore,
    @InjectScoreSets() private readonly sets: ScoreSets,
  ) {}

  /** @throws AppError leaderboard.no_region, leaderboard.group_unknown, leaderboard.not_ready. */
  async board(wanted: WantedBoard, periodName: string, context: QueryContext): Promise<Board> {
    const generation = await this.state.generation();
    if (generation === null) throw new AppError('leaderboard.not_ready');
    const { scope, place } = await scopeFor(wanted, context);
    return { generation, set: boardSet(generation, wanted.metric, periodName, scope), place };
  }

  size(board: Board): Promise<number> {
    return available(() => this.sets.size(board.set));
  }

  /** One question to the engine, whatever is wanted of it. */
  standing(board: Board, userId: number): Promise<Standing | null> {
    return available(() => this.sets.standing(board.set, userId));
  }

  /** The members from a position on, with their ranks and names, and how many the board has. */
  async entries(
    board: Board,
    position: number,
    count: number,
    userId: number,
  ): Promise<Pick<OutputOf<typeof GetLeaderboard>, 'items' | 'members'>> {
    const { members, above, size } = await available(() => this.sets.page(board.set, position, count));
    const ranks = ranksOf(members, position, above);
    const names = await namesOf(
      this.database.reader,
      members.map(({ member }) => member),
    );
    const items = members.map(({ member, score }, index) => ({
      rank: ranks[index] ?? position + index + 1,
      name: names.get(member) ?? `#${member}`,
      score,
      is_me: member === userId,
    }));
    return { items, members: size };
  }
}

/** Names of members who may be seen now. */
export async function namesOf(reader: Reader, userIds: readonly number[]): Promise<Map<number, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await reader.query<{ user_id: number; display_name: string }>(
    `SELECT user_id, display_name FROM leaderboard_members WHERE is_shown = 1 AND is_active = 1
     AND user_id IN (${placeholders(userIds.length)})`,
    userIds,
  );
  return new Map(rows.map(({ user_id, display_name }) => [user_id, display_name || `#${user_id}`]));
}

async function scopeFor(
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
  const isStaff = call.actor.kind === 'user' && call.actor.role !== 'vip' && maySeeNational(call.actor.role);
  const row = await reader.one(
    `SELECT user_id FROM leaderboard_groups WHERE chat_id = ? AND is_in = 1${isStaff ? '' : ' AND user_id = ?'} LIMIT 1`,
    isStaff ? [chatId] : [chatId, userId],
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
