import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, CheckedIn, CheckIn, GetCheckInToday, type HandledInputOf, type OutputOf } from '#contracts';
import { sqlTime, type Tx } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { LedgerService, type Posting } from '../ledger/ledger.service.js';
import type { PointsSettings } from '../points.env.js';
import {
  aliveStreak,
  checkInPoints,
  decideCheckIn,
  nextBonus,
  type CheckInDecision,
  type CheckInState,
  type DecidedCheckIn,
  type Moment,
} from './check-in.rules.js';
import { communityDay, communityDayEnd } from './community-day.rules.js';
import {
  columnsOf,
  memberColumns,
  momentOf,
  protectedBetween,
  readMember,
  stateOf,
  type MemberRow,
} from './member.store.js';
import { RankRecorder } from './rank.recorder.js';
import { rankOf, rankReached } from './rank.rules.js';

/** Daily check-in (P-02), one use case for the bot, REST and the Mini App. */
@Controller()
export class CheckInService {
  private readonly checkIns: Counter;

  constructor(
    private readonly ledger: LedgerService,
    private readonly ranks: RankRecorder,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.checkIns = metrics.counter('coser_check_ins_total', 'Check-ins accepted');
  }

  @HandleCommand(CheckIn)
  async checkIn(_input: HandledInputOf<typeof CheckIn>, context: CommandContext): Promise<OutputOf<typeof CheckIn>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const { account, further } = await this.ledger.lockAccountWith<MemberRow>(context, userId, memberColumns);
    const before = stateOf(further);
    const decided = accepted(await decide(tx, before, momentOf(this.settings, further, now)), before, now);
    const { day, points, after } = decided;
    const { insertId } = await tx.insert('check_ins', {
      user_id: userId,
      day,
      streak_days: after.streakDays,
      total_days: after.totalDays,
      points,
      timezone: after.timezone,
      skipped_days: decided.skippedDays,
      streak_weeks: after.rewarded.weeks,
      streak_months: after.rewarded.months,
      created_at: sqlTime(now),
    });
    const alongside = columnsOf(after);
    const { balance } = await this.ledger.post(context, account, postingsOf(userId, decided), { alongside });
    const bonuses = decided.bonuses.map((bonus) => ({ streak_days: bonus.streakDays, points: bonus.points }));
    const facts = { day, points, bonuses, streak_days: after.streakDays, total_days: after.totalDays, balance };
    context.emit(
      CheckedIn,
      { ...facts, user_id: userId, check_in_id: insertId, channel: call.channel },
      {
        user_id: userId,
        before: { streak_days: before.streakDays, balance: account.balance },
        after: { streak_days: after.streakDays, balance },
      },
    );
    this.ranks.tell(context, userId, before.totalDays, after.totalDays);
    this.checkIns.inc();
    const rank = rankOf(after.totalDays);
    return {
      id: insertId,
      ...facts,
      base_points: checkInPoints,
      makeup_cards: after.makeupCards,
      cards_earned: decided.cardsEarned,
      ...(rank && { rank: { name: rank.name, stars: rank.stars } }),
      rank_reached: rankReached(before.totalDays, after.totalDays) !== null,
      checked_in_at: now.toISOString(),
    };
  }

  @HandleQuery(GetCheckInToday)
  async getToday(
    _input: HandledInputOf<typeof GetCheckInToday>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetCheckInToday>> {
    const row = await readMember(reader, requireUser(call));
    const moment = momentOf(this.settings, row, now);
    const day = communityDay(now, moment.timezone);
    const state = stateOf(row);
    let streakDays = aliveStreak(state, moment);
    if (streakDays === 0 && state.day !== null && state.streakDays > 0) {
      streakDays = aliveStreak(state, moment, await protectedBetween(reader, state.day, day));
    }
    const next = nextBonus(streakDays);
    const rank = rankOf(state.totalDays);
    return {
      day,
      checked_in: state.day !== null && state.day >= day,
      streak_days: streakDays,
      total_days: state.totalDays,
      next_bonus: { streak_days: next.streakDays, points: next.points },
      day_ends_at: communityDayEnd(now, moment.timezone).toISOString(),
      timezone: moment.timezone,
      makeup_cards: state.makeupCards,
      rank: rank && { name: rank.name, stars: rank.stars },
    };
  }
}

/** Amnesties are looked up only when the streak would be broken without one: the common check-in needs no further statement. */
async function decide(tx: Tx, state: CheckInState, moment: Moment): Promise<CheckInDecision> {
  const decision = decideCheckIn(state, moment);
  const isBroken = decision.outcome === 'accepted' && decision.checkIn.after.streakDays === 1 && state.streakDays > 0;
  if (!isBroken || state.day === null) return decision;
  return decideCheckIn(state, moment, await protectedBetween(tx, state.day, decision.checkIn.day));
}

function accepted(decision: CheckInDecision, before: CheckInState, now: Date): DecidedCheckIn {
  switch (decision.outcome) {
    case 'accepted':
      return decision.checkIn;
    case 'already_done':
      throw new AppError('check_in.already_done', { day: decision.day, streak_days: before.streakDays });
    case 'too_soon':
      throw new AppError('check_in.too_soon', {
        next_at: decision.nextAt.toISOString(),
        wait_minutes: Math.ceil((decision.nextAt.getTime() - now.getTime()) / 60_000),
      });
  }
}

function postingsOf(userId: number, { day, bonuses }: DecidedCheckIn): Posting[] {
  const base: Posting = { type: 'check_in', points: checkInPoints, description: day, key: `check_in:${userId}:${day}` };
  const further = bonuses.map(({ streakDays, points }, index): Posting => ({
    type: 'streak_bonus',
    points,
    description: String(streakDays),
    key: `streak_bonus:${userId}:${day}:${index}:${points}`,
  }));
  return [base, ...further];
}
