import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, CheckedIn, CheckIn, GetCheckInToday, type HandledInputOf, type OutputOf } from '#contracts';
import type { Tx } from '#database';
import {
  HandleCommandsTogether,
  HandleQuery,
  requireUser,
  type CommandContext,
  type CommandTurn,
  type QueryContext,
} from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { LedgerService, type Account, type LockedAccount, type Posting } from '../ledger/ledger.service.js';
import { insertCheckIns } from './check-in.store.js';
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
import { communityDay, communityDayEnd } from '#calendar';
import {
  columnsOf,
  memberColumns,
  momentOf,
  protectedBetween,
  readMember,
  stateOf,
  type MemberRow,
} from './member.store.js';
import { noSteps } from './streak.rules.js';
import { RankRecorder } from './rank.recorder.js';
import { rankOf, rankReached } from './rank.rules.js';

type Output = OutputOf<typeof CheckIn>;
type Turn = CommandTurn<HandledInputOf<typeof CheckIn>>;

interface Decided {
  readonly context: CommandContext;
  readonly account: Account;
  readonly before: CheckInState;
  readonly checkIn: DecidedCheckIn;
}

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

  /** Handles those that wait at the same time: all are locked and decided, then written together. */
  @HandleCommandsTogether(CheckIn)
  async checkIn(turns: readonly Turn[]): Promise<readonly (Output | AppError)[]> {
    const [first] = turns;
    if (!first) return [];
    const { tx, now } = first.context;
    const userIds = turns.map(({ context }) => requireUser(context.call));
    const members = await this.ledger.lockAccountsWith<MemberRow>(first.context, userIds, memberColumns);
    const decided: (Decided | AppError)[] = [];
    for (const [index, { context }] of turns.entries()) {
      decided.push(await this.decide(context, members.get(userIds[index] as number) as LockedAccount<MemberRow>));
    }
    const accepted = decided.filter((one): one is Decided => !(one instanceof AppError));
    const ids = await insertCheckIns(tx, accepted, now);
    return Promise.all(
      decided.map(async (one) =>
        one instanceof AppError ? one : this.settle(one, ids.get(one.account.userId) as number),
      ),
    );
  }

  private async decide(context: CommandContext, member: LockedAccount<MemberRow>): Promise<Decided | AppError> {
    const { account, further } = member;
    const before = stateOf(further);
    const decision = await decide(context.tx, before, momentOf(this.settings, further, context.now));
    if (decision.outcome !== 'accepted') return refusalOf(decision, before, context.now);
    return { context, account, before, checkIn: decision.checkIn };
  }

  /** Posts what an accepted check-in earns, and tells of it. */
  private async settle({ context, account, before, checkIn }: Decided, id: number): Promise<Output> {
    const { now, call } = context;
    const { userId } = account;
    const { day, points, after } = checkIn;
    const alongside = columnsOf(after);
    const { balance } = await this.ledger.post(context, account, postingsOf(userId, checkIn), { alongside });
    const bonuses = checkIn.bonuses.map((bonus) => ({ streak_days: bonus.streakDays, points: bonus.points }));
    const facts = { day, points, bonuses, streak_days: after.streakDays, total_days: after.totalDays, balance };
    context.emit(
      CheckedIn,
      { ...facts, user_id: userId, check_in_id: id, channel: call.channel },
      {
        user_id: userId,
        before: { streak_days: before.streakDays, balance: account.balance },
        after: { streak_days: after.streakDays, balance },
      },
    );
    this.ranks.tell(context, userId, before.totalDays, after.totalDays);
    context.tx.afterCommit(() => this.checkIns.inc());
    const rank = rankOf(after.totalDays);
    return {
      id,
      ...facts,
      base_points: checkInPoints,
      makeup_cards: after.makeupCards,
      cards_earned: checkIn.cardsEarned,
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
    const next = nextBonus(streakDays, streakDays === 0 ? noSteps : state.rewarded);
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

function refusalOf(
  decision: Exclude<CheckInDecision, { outcome: 'accepted' }>,
  before: CheckInState,
  now: Date,
): AppError {
  switch (decision.outcome) {
    case 'already_done':
      return new AppError('check_in.already_done', { day: decision.day, streak_days: before.streakDays });
    case 'too_soon':
      return new AppError('check_in.too_soon', {
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
