import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AppError, GetLeaderboard, GetMyStanding, type BoardScope } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { answersInGroups, offersInline, opens } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer, sendAnswer, sendGroupAnswer, privateChatRow } from '../telegram/answer.sender.js';
import {
  boardRows,
  leaderboardEntry,
  leaderboardPress,
  myRankEntry,
  type WantedBoard,
} from './leaderboard.keyboard.js';
import { boardTitle, entryLines, standingLines } from './leaderboard.view.js';
import { entryButton, menuButton } from './menu.view.js';
import { settingsEntry } from './people.keyboard.js';

const rowsShown = 10;
const neighboursShown = 2;
const first: WantedBoard = { metric: 'points', period: 'week', scope: 'city' };

/** `/top`: the boards, with buttons for what, since when and among whom; `/rank`: where I stand (P-08). Both also in groups. */
@Injectable()
export class LeaderboardFeature implements BotFeature {
  static readonly menu = [leaderboardEntry, myRankEntry];
  readonly composer = new Composer<BotContext>();

  constructor() {
    opens(this.composer, leaderboardEntry, async (context) =>
      sendAnswer(context, ...(await this.board(context.visit, first))),
    );
    opens(this.composer, myRankEntry, (context) => this.myRank(context));
    this.composer.use(
      onPress(leaderboardPress, async (context, wanted) =>
        replaceAnswer(context, ...(await this.board(context.visit, wanted))),
      ),
    );
    answersInGroups(this.composer, { name: 'top' }, (context) => this.groupTop(context));
    answersInGroups(this.composer, { name: 'rank' }, (context) => this.groupRank(context));
    offersInline(this.composer, async ({ visit }) => [await this.card(visit)]);
  }

  private async board(visit: Visit, wanted: WantedBoard): Promise<Screen> {
    const standing = await this.standingOn(visit, wanted);
    if (standing === null)
      return [visit.html('leaderboard.no_region'), [[entryButton(visit, settingsEntry)], ...boardRows(visit, wanted)]];
    const entries = await visit
      .query(GetLeaderboard, { ...wanted, page: 1, page_size: rowsShown })
      .then(({ items }) => items, noneIf('leaderboard.vip_only'));
    const body =
      entries === null
        ? [visit.html('leaderboard.vip_only')]
        : entries.length > 0
          ? entryLines(visit, wanted.metric, entries)
          : [visit.html('leaderboard.empty')];
    const lines = [boardTitle(visit, standing), '', ...body, '', ...standingLines(visit, standing)];
    return [lines.join('\n'), boardRows(visit, wanted)];
  }

  /** Null where the member has not said where they live. */
  private standingOn(visit: Visit, wanted: WantedBoard) {
    return visit.query(GetMyStanding, { ...wanted, neighbours: 0 }).catch(noneIf('leaderboard.no_region'));
  }

  private async myRank(context: BotContext): Promise<void> {
    const { visit } = context;
    const wanted = { metric: 'points', period: 'all', scope: 'national', neighbours: neighboursShown } as const;
    const standing = await visit.query(GetMyStanding, wanted);
    const around = entryLines(visit, standing.metric, standing.neighbours);
    const lines = [boardTitle(visit, standing), '', ...standingLines(visit, standing)];
    const html = [...lines, ...(around.length > 1 ? ['', ...around] : [])].join('\n');
    await sendAnswer(context, html, [[entryButton(visit, leaderboardEntry), menuButton(visit)]]);
  }

  private async groupTop(context: BotContext): Promise<void> {
    const { visit } = context;
    const board = await visit
      .query(GetLeaderboard, { ...this.ofGroup(context), page: 1, page_size: rowsShown })
      .catch(noneIf('leaderboard.group_unknown'));
    if (board === null || board.items.length === 0)
      return sendGroupAnswer(context, visit.html('leaderboard.group_empty'), [privateChatRow(context)]);
    const title = boardTitle(visit, { ...board, ...nobody });
    const html = [title, '', ...entryLines(visit, board.metric, board.items)].join('\n');
    await sendGroupAnswer(context, html, [privateChatRow(context)]);
  }

  private async groupRank(context: BotContext): Promise<void> {
    const { visit } = context;
    const standing = await visit
      .query(GetMyStanding, { ...this.ofGroup(context), neighbours: 0 })
      .catch(noneIf('leaderboard.group_unknown'));
    const html = standing ? standingLines(visit, standing).join('\n') : visit.html('leaderboard.group_empty');
    await sendGroupAnswer(context, html, [privateChatRow(context)]);
  }

  private ofGroup(context: BotContext): { metric: 'points'; period: 'month'; scope: BoardScope; chat_id: string } {
    return { metric: 'points', period: 'month', scope: 'group', chat_id: String(context.chat?.id ?? 0) };
  }

  /** My rank as a card to share (B-02). */
  private async card(visit: Visit) {
    const standing = await visit.query(GetMyStanding, {
      metric: 'points',
      period: 'month',
      scope: 'national',
      neighbours: 0,
    });
    const lines = standingLines(visit, standing);
    return {
      id: 'my-rank',
      title: visit.text('leaderboard.card_title'),
      description: visit.text('leaderboard.card_description'),
      html: [visit.html('leaderboard.card', { name: visit.member.first_name }), ...lines].join('\n'),
    };
  }
}

/** For a title only. */
const nobody = { hidden: false, rank: null, score: 0, percentile: null, points_to_next: null } as const;

/** Turns one refusal into null; every other goes on. */
function noneIf(name: 'leaderboard.vip_only' | 'leaderboard.no_region' | 'leaderboard.group_unknown') {
  return (error: unknown): null => {
    if (error instanceof AppError && error.errorName === name) return null;
    throw error;
  };
}
