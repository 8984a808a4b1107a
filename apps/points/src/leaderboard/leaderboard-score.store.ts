import { pointRecordTypes, type PointRecordType } from '#contracts';
import { placeholders, sqlTime, type Reader } from '#database';
import { communityDayStart } from '#calendar';
import { isEarning } from '../ledger/ledger.rules.js';
import { earliestDay, type CurrentPeriods, type Scores } from './leaderboard.rules.js';

type Sums = Record<'day' | 'week' | 'month', number>;
interface SumRow extends Sums {
  user_id: number;
}

/** Ids grow with time, but two transactions may overlap: look a little further back than the period. */
const overlapMs = 600_000;
const idsOverlap = 1_000;

const earningTypes = (Object.keys(pointRecordTypes) as PointRecordType[])
  .filter(isEarning)
  .map((name) => pointRecordTypes[name]);

/** Where to look: the beginnings of the current periods, and the ledger's first record that can belong to one. */
export interface ScoreWindow {
  readonly periods: CurrentPeriods;
  readonly starts: Readonly<Record<'day' | 'week' | 'month', string>>;
  /** Null when the ledger has no record of this window. */
  readonly firstRecordId: number | null;
}

export async function scoreWindow(reader: Reader, periods: CurrentPeriods, timezone: string): Promise<ScoreWindow> {
  const startOf = (day: string): Date => communityDayStart(day, timezone);
  const earliest = new Date(startOf(earliestDay(periods)).getTime() - overlapMs);
  const first = await reader.one<{ id: number }>(
    'SELECT id FROM point_records WHERE created_at >= ? ORDER BY created_at LIMIT 1',
    [sqlTime(earliest)],
  );
  const { day, week, month } = periods.firstDays;
  return {
    periods,
    starts: { day: sqlTime(startOf(day)), week: sqlTime(startOf(week)), month: sqlTime(startOf(month)) },
    firstRecordId: first ? Math.max(1, first.id - idsOverlap) : null,
  };
}

/** The scores of members as the tables say now (P-08): points earned and days checked in, by current period and ever. */
export async function readScores(
  reader: Reader,
  window: ScoreWindow,
  userIds: readonly number[],
): Promise<Map<number, Scores>> {
  if (userIds.length === 0) return new Map();
  const accounts = await reader.query<{ user_id: number; lifetime_earned: number; total_days: number }>(
    `SELECT user_id, lifetime_earned, total_days FROM point_accounts WHERE user_id IN (${placeholders(userIds.length)})`,
    userIds,
  );
  const points = await readPoints(reader, window, userIds);
  const days = await readDays(reader, window, userIds);
  return new Map(
    accounts.map(({ user_id, lifetime_earned, total_days }) => [
      user_id,
      {
        points: { ...sumsOf(points.get(user_id)), all: lifetime_earned },
        check_in_days: { ...sumsOf(days.get(user_id)), all: total_days },
      },
    ]),
  );
}

/** What was taken back was not earned: it goes from the period in which it was posted, as it goes from the points earned in all. */
async function readPoints(
  reader: Reader,
  { starts, firstRecordId }: ScoreWindow,
  userIds: readonly number[],
): Promise<Map<number, SumRow>> {
  if (firstRecordId === null) return new Map();
  const since = (name: keyof Sums): string =>
    `SUM(CASE WHEN COALESCE(o.created_at, r.created_at) >= ? THEN r.points ELSE 0 END) AS ${name}_sum`;
  const isEarned = (record: string): string =>
    `(${record}.points > 0 AND ${record}.type IN (${earningTypes.join(', ')}))`;
  return sumsByUser(
    reader,
    `SELECT r.user_id, ${since('day')}, ${since('week')}, ${since('month')} FROM point_records r
     LEFT JOIN point_records o ON o.id = r.reverses_id
     WHERE r.user_id IN (${placeholders(userIds.length)}) AND r.id >= ? AND (${isEarned('r')} OR ${isEarned('o')})
     GROUP BY r.user_id`,
    [starts.day, starts.week, starts.month, ...userIds, firstRecordId],
  );
}

function readDays(reader: Reader, { periods }: ScoreWindow, userIds: readonly number[]): Promise<Map<number, SumRow>> {
  const since = (name: keyof Sums): string => `SUM(CASE WHEN day >= ? THEN 1 ELSE 0 END) AS ${name}_sum`;
  const { day, week, month } = periods.firstDays;
  return sumsByUser(
    reader,
    `SELECT user_id, ${since('day')}, ${since('week')}, ${since('month')} FROM check_ins
     WHERE user_id IN (${placeholders(userIds.length)}) AND day >= ? GROUP BY user_id`,
    [day, week, month, ...userIds, earliestDay(periods)],
  );
}

async function sumsByUser(reader: Reader, sql: string, values: (string | number)[]): Promise<Map<number, SumRow>> {
  const rows = await reader.query<{ user_id: number; day_sum: number; week_sum: number; month_sum: number }>(
    sql,
    values,
  );
  return new Map(
    rows.map(({ user_id, day_sum, week_sum, month_sum }) => [
      user_id,
      { user_id, day: Number(day_sum), week: Number(week_sum), month: Number(month_sum) },
    ]),
  );
}

function sumsOf(row: SumRow | undefined): Sums {
  return { day: row?.day ?? 0, week: row?.week ?? 0, month: row?.month ?? 0 };
}
