import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError, CheckedIn, CheckIn, GetCheckInToday, type HandledInputOf, type OutputOf } from '#contracts';
import { sqlTime, type Reader } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings, Metrics } from '#service';
import { LedgerService, type Posting } from '../ledger/ledger.service.js';
import type { PointsSettings } from '../points.env.js';
import {
  aliveStreak,
  checkInPoints,
  decideCheckIn,
  nextBonus,
  type DecidedCheckIn,
  type LastCheckIn,
} from './check-in.rules.js';
import { communityDay, communityDayEnd } from './community-day.rules.js';

/** Daily check-in (P-02), one use case for the bot, REST and the Mini App. */
@Controller()
export class CheckInService {
  private readonly checkIns: Counter;

  constructor(
    private readonly ledger: LedgerService,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.checkIns = metrics.counter('coser_check_ins_total', 'Check-ins accepted');
  }

  @HandleCommand(CheckIn)
  async checkIn(_input: HandledInputOf<typeof CheckIn>, context: CommandContext): Promise<OutputOf<typeof CheckIn>> {
    const { tx, now, call } = context;
    const userId = requireUser(call);
    const account = await this.ledger.lockAccount(context, userId);
    const last = await readLastCheckIn(tx, userId);
    const day = communityDay(now, this.settings.COMMUNITY_TIMEZONE);
    const decided = decideCheckIn(last, day);
    if (!decided) throw new AppError('check_in.already_done', { day, streak_days: last?.streakDays ?? 0 });
    const { insertId } = await tx.insert('check_ins', {
      user_id: userId,
      day,
      streak_days: decided.streakDays,
      total_days: decided.totalDays,
      points: decided.points,
      created_at: sqlTime(now),
    });
    const { balance } = await this.ledger.post(context, account, postingsOf(userId, day, decided));
    const bonuses = decided.bonuses.map(({ streakDays, points }) => ({ streak_days: streakDays, points }));
    const facts = {
      day,
      points: decided.points,
      bonuses,
      streak_days: decided.streakDays,
      total_days: decided.totalDays,
      balance,
    };
    context.emit(
      CheckedIn,
      { ...facts, user_id: userId, check_in_id: insertId, channel: call.channel },
      {
        user_id: userId,
        before: { streak_days: last?.streakDays ?? 0, balance: account.balance },
        after: { streak_days: decided.streakDays, balance },
      },
    );
    this.checkIns.inc();
    return { id: insertId, ...facts, base_points: checkInPoints, checked_in_at: now.toISOString() };
  }

  @HandleQuery(GetCheckInToday)
  async getToday(
    _input: HandledInputOf<typeof GetCheckInToday>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetCheckInToday>> {
    const timezone = this.settings.COMMUNITY_TIMEZONE;
    const day = communityDay(now, timezone);
    const last = await readLastCheckIn(reader, requireUser(call));
    const streakDays = aliveStreak(last, day);
    const next = nextBonus(streakDays);
    return {
      day,
      checked_in: last?.day === day,
      streak_days: streakDays,
      total_days: last?.totalDays ?? 0,
      next_bonus: { streak_days: next.streakDays, points: next.points },
      day_ends_at: communityDayEnd(now, timezone).toISOString(),
    };
  }
}

async function readLastCheckIn(reader: Reader, userId: number): Promise<LastCheckIn | null> {
  const row = await reader.one<{ day: string; streak_days: number; total_days: number }>(
    'SELECT day, streak_days, total_days FROM check_ins WHERE user_id = ? ORDER BY day DESC LIMIT 1',
    [userId],
  );
  return row ? { day: row.day, streakDays: row.streak_days, totalDays: row.total_days } : null;
}

function postingsOf(userId: number, day: string, decided: DecidedCheckIn): Posting[] {
  const base: Posting = { type: 'check_in', points: checkInPoints, description: day, key: `check_in:${userId}:${day}` };
  const bonuses = decided.bonuses.map(({ streakDays, points }): Posting => ({
    type: 'streak_bonus',
    points,
    description: String(streakDays),
    key: `streak_bonus:${userId}:${day}:${points}`,
  }));
  return [base, ...bonuses];
}
