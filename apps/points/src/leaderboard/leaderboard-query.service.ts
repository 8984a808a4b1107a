import { Controller } from '@nestjs/common';
import {
  AppError,
  GetLeaderboard,
  GetLeaderboardHistory,
  GetMyStanding,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, isoTimeOrNull, sqlTime, type SqlTime } from '#database';
import type { Neighbours } from '#cache';
import { HandleQuery, requireUser, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import {
  entriesOf,
  LeaderboardReader,
  nameless,
  namesOf,
  scopeFor,
  seenAmong,
  type Board,
} from './leaderboard.source.js';
import { boardName, currentPeriods, maySeeNational, percentileOf } from './leaderboard.rules.js';

type BoardInput = Pick<HandledInputOf<typeof GetLeaderboard>, 'metric' | 'period' | 'scope' | 'chat_id'>;
type Entries = OutputOf<typeof GetLeaderboard>['items'];

const nobody: Neighbours = { from: 0, above: 0, members: [] };

/** Boards, my standing, and what boards looked like before (P-08). */
@Controller()
export class LeaderboardQueryService {
  constructor(
    private readonly boards: LeaderboardReader,
    @InjectSettings() private readonly settings: PointsSettings,
  ) {}

  @HandleQuery(GetLeaderboard)
  async getLeaderboard(
    input: HandledInputOf<typeof GetLeaderboard>,
    context: QueryContext,
  ): Promise<OutputOf<typeof GetLeaderboard>> {
    mustSee(input, context);
    const userId = requireUser(context.call);
    const { page, page_size } = input;
    return this.boards.ask(input, this.periodName(input, context.now), context, async (board) => ({
      ...factsOf(input, board.place),
      page,
      page_size,
      ...(await this.boards.entries(context.reader, board, {
        position: (page - 1) * page_size,
        count: page_size,
        userId,
      })),
    }));
  }

  @HandleQuery(GetMyStanding)
  getMyStanding(
    input: HandledInputOf<typeof GetMyStanding>,
    context: QueryContext,
  ): Promise<OutputOf<typeof GetMyStanding>> {
    const userId = requireUser(context.call);
    return this.boards.ask(input, this.periodName(input, context.now), context, (board) =>
      this.standingOn(board, input, userId, context),
    );
  }

  private async standingOn(
    board: Board,
    input: HandledInputOf<typeof GetMyStanding>,
    userId: number,
    context: QueryContext,
  ): Promise<OutputOf<typeof GetMyStanding>> {
    const isOpen = input.scope !== 'national' || maySeeNational(roleOf(context));
    const isWanted = isOpen && input.neighbours > 0;
    const standing = await this.boards.standing(board, userId, isWanted ? input.neighbours : 0);
    const around = standing && isWanted ? standing.around : nobody;
    const asked = around.members.map(({ member }) => member);
    const { names, isHidden: hidden } = await seenAmong(context.reader, asked, userId);
    if (!standing) {
      const facts = { ...factsOf(input, board.place), members: await this.boards.size(board), hidden };
      return { ...facts, rank: null, score: 0, percentile: null, points_to_next: null, neighbours: [] };
    }
    const { score, above, below, size: members, next } = standing;
    return {
      ...factsOf(input, board.place),
      members,
      hidden,
      rank: above + 1,
      score,
      percentile: percentileOf(below, members),
      points_to_next: next === null ? null : Math.max(0, next - score),
      neighbours: entriesOf(around, names, userId),
    };
  }

  @HandleQuery(GetLeaderboardHistory)
  async getHistory(
    input: HandledInputOf<typeof GetLeaderboardHistory>,
    context: QueryContext,
  ): Promise<OutputOf<typeof GetLeaderboardHistory>> {
    mustSee(input, context);
    const { reader, now } = context;
    const at = input.at === undefined ? now : new Date(input.at);
    const { scope, place } = await scopeFor(input, context);
    const name = boardName(input.metric, this.periodName(input, at), scope);
    const hour = await reader.one<{ taken_at: SqlTime; recorded_at: SqlTime | null }>(
      `SELECT taken_at, recorded_at FROM leaderboard_snapshots WHERE board = ? AND taken_at <= ?
       ORDER BY taken_at DESC LIMIT 1`,
      [name, sqlTime(at)],
    );
    const facts = factsOf(input, place);
    if (!hour) return { ...facts, members: 0, taken_at: null, recorded_at: null, items: [] };
    const rows = await reader.query<{ user_id: number; rank_number: number; score: number; members: number }>(
      'SELECT user_id, rank_number, score, members FROM leaderboard_snapshots WHERE board = ? AND taken_at = ? ORDER BY position',
      [name, hour.taken_at],
    );
    const userId = requireUser(context.call);
    const seen = await namesOf(
      reader,
      rows.map(({ user_id }) => user_id),
    );
    const items: Entries = rows.map(({ user_id, rank_number, score }) => ({
      rank: rank_number,
      // Who has gone or wants to be hidden since then keeps the place, without a name.
      name: seen.get(user_id) ?? nameless,
      score,
      is_me: user_id === userId,
    }));
    const times = { taken_at: isoTime(hour.taken_at), recorded_at: isoTimeOrNull(hour.recorded_at) };
    return { ...facts, members: rows[0]?.members ?? 0, ...times, items };
  }

  private periodName({ period }: BoardInput, at: Date): string {
    return currentPeriods(communityDay(at, this.settings.COMMUNITY_TIMEZONE)).names[period];
  }
}

function factsOf({ metric, period, scope }: BoardInput, place: string | null) {
  return { metric, period, scope, place };
}

function mustSee({ scope }: BoardInput, context: QueryContext): void {
  if (scope === 'national' && !maySeeNational(roleOf(context))) throw new AppError('leaderboard.vip_only');
}

function roleOf({ call: { actor } }: QueryContext): string {
  return actor.kind === 'user' ? actor.role : 'member';
}
