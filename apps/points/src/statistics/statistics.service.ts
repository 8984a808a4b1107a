import { Controller } from '@nestjs/common';
import {
  AppError,
  GetMyStatistics,
  GetPointStatistics,
  pointRecordTypes,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, sqlTime, type Reader, type SqlTime } from '#database';
import { HandleQuery, requirePermission, requireUser, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { aliveStreak, daysOf } from '../check-in/check-in.rules.js';
import { addDays, communityDay, communityDayStart } from '#calendar';
import { momentOf, protectedBetween, readMember, stateOf } from '../check-in/member.store.js';
import { rankOf } from '../check-in/rank.rules.js';
import { recordTypeOf } from '../ledger/ledger.rules.js';
import type { PointsSettings } from '../points.env.js';
import { addFlow, rangeProblem, type Flow } from './statistics.rules.js';

interface TypeRow {
  type: number;
  issued: number | string | null;
  spent: number | string | null;
}

const nothing: Flow = { issued: 0, spent: 0 };
const weekDays = 7;
/** A member with more postings in a week is a machine; the days are then told by its newest ones. */
const recordsAtMost = 5_000;

const sums = `SUM(CASE WHEN points > 0 THEN points ELSE 0 END) AS issued,
  SUM(CASE WHEN points < 0 THEN -points ELSE 0 END) AS spent`;

/** Check-ins and points in figures, for members and for admins (P-10). */
@Controller()
export class StatisticsService {
  constructor(@InjectSettings() private readonly settings: PointsSettings) {}

  @HandleQuery(GetMyStatistics)
  async mine(
    _input: HandledInputOf<typeof GetMyStatistics>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetMyStatistics>> {
    const userId = requireUser(call);
    const row = await readMember(reader, userId);
    const moment = momentOf(this.settings, row, now);
    const today = communityDay(now, moment.timezone);
    const state = stateOf(row);
    const rank = rankOf(state.totalDays);
    const isProtected = await protectedBetween(reader, state.day ?? today, today);
    const account = await reader.one<{ lifetime_earned: number }>(
      'SELECT lifetime_earned FROM point_accounts WHERE user_id = ?',
      [userId],
    );
    const byType = await reader.query<TypeRow>(
      `SELECT type, ${sums} FROM point_records WHERE user_id = ? GROUP BY type ORDER BY type`,
      [userId],
    );
    return {
      total_days: state.totalDays,
      streak_days: aliveStreak(state, moment, isProtected),
      rank: rank && { name: rank.name, stars: rank.stars },
      next_rank_in_days: rank ? rank.nextFromDays && rank.nextFromDays - state.totalDays : 1,
      last_7_days: await lastDays(reader, userId, today, moment.timezone),
      by_type: byType.map(flowOf),
      lifetime_earned: account?.lifetime_earned ?? 0,
    };
  }

  @HandleQuery(GetPointStatistics)
  async community(
    { from_day, until_day }: HandledInputOf<typeof GetPointStatistics>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetPointStatistics>> {
    requirePermission(call, 'statistics.read');
    const problem = rangeProblem(from_day, until_day);
    if (problem) throw AppError.invalid([{ path: ['until_day'], code: problem }]);
    const days: OutputOf<typeof GetPointStatistics>['days'] = [];
    for (const day of daysOf(from_day, until_day)) {
      const from = communityDayStart(day, this.settings.COMMUNITY_TIMEZONE);
      const until = communityDayStart(addDays(day, 1), this.settings.COMMUNITY_TIMEZONE);
      days.push({ day, ...(await dayFigures(reader, from, until)) });
    }
    const total = days
      .flatMap(({ by_type }) => by_type)
      .reduce((sum, { issued, spent }) => ({ issued: sum.issued + issued, spent: sum.spent + spent }), nothing);
    return { days, total };
  }
}

function flowOf({ type, issued, spent }: TypeRow): OutputOf<typeof GetMyStatistics>['by_type'][number] {
  return { type: recordTypeOf(type), issued: Number(issued ?? 0), spent: Number(spent ?? 0) };
}

async function dayFigures(
  reader: Reader,
  from: Date,
  until: Date,
): Promise<Omit<OutputOf<typeof GetPointStatistics>['days'][number], 'day'>> {
  const byType = await reader.query<TypeRow & { records: number | string }>(
    `SELECT type, COUNT(*) AS records, ${sums} FROM point_records
     WHERE created_at >= ? AND created_at < ? GROUP BY type ORDER BY type`,
    [sqlTime(from), sqlTime(until)],
  );
  // Each check-in has one record of its type.
  const checkIns = byType.find(({ type }) => type === pointRecordTypes.check_in)?.records ?? 0;
  return { check_ins: Number(checkIns), by_type: byType.map(flowOf) };
}

async function lastDays(
  reader: Reader,
  userId: number,
  today: string,
  timezone: string,
): Promise<OutputOf<typeof GetMyStatistics>['last_7_days']> {
  const first = addDays(today, 1 - weekDays);
  const marks = await reader.query<{ day: string }>('SELECT day FROM check_ins WHERE user_id = ? AND day >= ?', [
    userId,
    first,
  ]);
  const records = await reader.query<{ points: number; created_at: SqlTime }>(
    `SELECT points, created_at FROM point_records WHERE user_id = ? AND created_at >= ? ORDER BY id DESC LIMIT ${recordsAtMost}`,
    [userId, sqlTime(communityDayStart(first, timezone))],
  );
  const flows = new Map<string, Flow>();
  for (const { points, created_at } of records) {
    const day = communityDay(fromSqlTime(created_at), timezone);
    flows.set(day, addFlow(flows.get(day) ?? nothing, points));
  }
  const marked = new Set(marks.map(({ day }) => day));
  return daysOf(first, today).map((day) => ({ day, checked_in: marked.has(day), ...(flows.get(day) ?? nothing) }));
}
