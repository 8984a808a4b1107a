import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AppError,
  DayMadeUp,
  GrantMakeupCards,
  MakeUpDay,
  MakeupCardsGranted,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, sqlTime } from '#database';
import { HandleCommand, requirePermission, requireUser, type CommandContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { requireKnownMember } from '../ledger/known-member.store.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { refuseOwn } from '../ledger/second-admin.rules.js';
import type { PointsSettings } from '../points.env.js';
import { aliveStreak, makeupCardsAtMost } from './check-in.rules.js';
import { communityDay } from '#calendar';
import { makeupProblem, makeupsPerDayAtMost, makeupWindowDays, type MakeupSituation } from './makeup.rules.js';
import {
  latestMarks,
  memberColumns,
  momentOf,
  protectedBetween,
  registrationDay,
  stateOf,
  type MarkRow,
  type MemberRow,
} from './member.store.js';
import { rankOf, rankReached } from './rank.rules.js';
import { RankRecorder } from './rank.recorder.js';
import { marksAtMost, StreakWriter } from './streak.writer.js';

/** Makeup cards (P-03): a missed day becomes one that counts, and the streak is counted anew. */
@Controller()
export class MakeupService {
  private readonly makeups: Counter;

  constructor(
    private readonly ledger: LedgerService,
    private readonly streaks: StreakWriter,
    private readonly ranks: RankRecorder,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.makeups = metrics.counter('coser_makeups_total', 'Missed days made up with a card');
  }

  @HandleCommand(MakeUpDay)
  async makeUp(
    { day }: HandledInputOf<typeof MakeUpDay>,
    context: CommandContext,
  ): Promise<OutputOf<typeof MakeUpDay>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const { account, further } = await this.ledger.lockAccountWith<MemberRow>(context, userId, memberColumns);
    const marks = await latestMarks(tx, userId, marksAtMost);
    const moment = momentOf(this.settings, further, now);
    const registeredOn = await registrationDay(tx, userId, further, moment);
    const today = communityDay(now, moment.timezone);
    const cards = further.makeup_cards;
    const madeUpToday = countToday(marks, now, this.settings.COMMUNITY_TIMEZONE);
    const isMarked = (wanted: string): boolean => marks.some((mark) => mark.day === wanted);
    assertPossible(day, { today, registeredOn, cards, madeUpToday, isMarked });

    const before = stateOf(further);
    const created = { user_id: userId, day, streak_days: 0, total_days: before.totalDays + 1, points: 0 };
    const { insertId } = await tx.insert('check_ins', { ...created, is_makeup: 1, created_at: sqlTime(now) });
    const made: MarkRow = {
      ...{ id: insertId, day, is_makeup: 1, skipped_days: 0, created_at: sqlTime(now) },
      ...{ streak_days: 0, streak_weeks: 0, streak_months: 0 },
    };
    // A made-up day that is the last one is the last on this calendar, wherever the check-in before it was.
    const counted = before.day === null || day > before.day ? { timezone: moment.timezone } : {};
    const recounted = await this.streaks.recount(context, account, {
      marks: [...marks, made].sort((left, right) => (left.day < right.day ? -1 : 1)),
      state: { ...before, ...counted, totalDays: before.totalDays + 1, makeupCards: cards - 1 },
      key: `makeup:${userId}:${day}`,
    });
    const { state, bonuses, cardsEarned, balance } = recounted;
    const lastDay = state.day ?? day;
    const streakDays = aliveStreak(state, moment, await protectedBetween(tx, lastDay, today));
    const rank = rankOf(state.totalDays) ?? { name: 'bronze' as const, stars: 1 };
    const facts = { day, streak_days: streakDays, total_days: state.totalDays, makeup_cards: state.makeupCards };
    context.emit(
      DayMadeUp,
      { ...facts, user_id: userId, bonuses, balance, channel: call.channel },
      {
        user_id: userId,
        before: { streak_days: before.streakDays, makeup_cards: cards },
        after: { streak_days: state.streakDays, makeup_cards: state.makeupCards },
      },
    );
    this.ranks.tell(context, userId, before.totalDays, state.totalDays);
    context.tx.afterCommit(() => this.makeups.inc());
    return {
      ...facts,
      bonuses,
      balance,
      cards_earned: cardsEarned,
      rank: { name: rank.name, stars: rank.stars },
      rank_reached: rankReached(before.totalDays, state.totalDays) !== null,
    };
  }

  @HandleCommand(GrantMakeupCards)
  async grant(
    { user_id: userId, cards, reason }: HandledInputOf<typeof GrantMakeupCards>,
    context: CommandContext,
  ): Promise<OutputOf<typeof GrantMakeupCards>> {
    requirePermission(context.call, 'makeup_card.grant');
    refuseOwn(context.call, userId);
    const { account, further } = await this.ledger.lockAccountWith<MemberRow>(context, userId, memberColumns);
    await requireKnownMember(context.tx, account);
    const makeup_cards = further.makeup_cards + cards;
    if (makeup_cards > makeupCardsAtMost) throw new AppError('makeup.too_many_cards', { limit: makeupCardsAtMost });
    await context.tx.execute('UPDATE point_accounts SET makeup_cards = ? WHERE user_id = ?', [makeup_cards, userId]);
    context.emit(
      MakeupCardsGranted,
      { user_id: userId, cards, makeup_cards, reason },
      { user_id: userId, before: { makeup_cards: further.makeup_cards }, after: { makeup_cards } },
    );
    return { user_id: userId, makeup_cards };
  }
}

/** Counted on the community's calendar: a change of the own time zone must not give two more. */
export function countToday(marks: readonly MarkRow[], now: Date, timezone: string): number {
  const today = communityDay(now, timezone);
  return marks.filter(
    ({ is_makeup, created_at }) => is_makeup === 1 && communityDay(fromSqlTime(created_at), timezone) === today,
  ).length;
}

function assertPossible(day: string, situation: MakeupSituation): void {
  const problem = makeupProblem(day, situation);
  switch (problem) {
    case null:
      return;
    case 'makeup.day_not_over':
      throw new AppError(problem, { day, today: situation.today });
    case 'makeup.before_registration':
      throw new AppError(problem, { day, registered_on: situation.registeredOn });
    case 'makeup.already_checked_in':
      throw new AppError(problem, { day });
    case 'makeup.outside_window':
      throw new AppError(problem, { day, days: makeupWindowDays });
    case 'makeup.daily_limit':
      throw new AppError(problem, { limit: makeupsPerDayAtMost });
    case 'makeup.no_card':
      throw new AppError(problem);
    case 'makeup.too_many_cards':
      throw new Error('a makeup gives no more cards than it takes');
  }
}
