import {
  fromSqlTime,
  fromSqlTimeOrNull,
  placeholders,
  sqlTimeOrNull,
  type Reader,
  type SqlTime,
  type SqlValue,
} from '#database';
import type { PointsSettings } from '../points.env.js';
import { makeupCardsAtStart, type CheckInState, type Moment } from './check-in.rules.js';
import { communityDay } from '#calendar';
import type { IsProtected } from './streak.rules.js';

/** The columns of an account's row that belong to check-ins: read under the ledger's lock, written with its update. */
export interface MemberRow {
  registered_at: SqlTime | null;
  timezone: string | null;
  last_day: string | null;
  last_timezone: string | null;
  next_check_in_at: SqlTime | null;
  streak_days: number;
  streak_weeks: number;
  streak_months: number;
  total_days: number;
  makeup_cards: number;
}

export const memberColumns = [
  'registered_at',
  'timezone',
  'last_day',
  'last_timezone',
  'next_check_in_at',
  'streak_days',
  'streak_weeks',
  'streak_months',
  'total_days',
  'makeup_cards',
] as const satisfies readonly (keyof MemberRow)[];

const nobody: MemberRow = {
  registered_at: null,
  timezone: null,
  last_day: null,
  last_timezone: null,
  next_check_in_at: null,
  streak_days: 0,
  streak_weeks: 0,
  streak_months: 0,
  total_days: 0,
  makeup_cards: makeupCardsAtStart,
};

/** The row without a lock, for questions; a member who never did anything has none. */
export async function readMember(reader: Reader, userId: number): Promise<MemberRow> {
  const sql = `SELECT ${memberColumns.join(', ')} FROM point_accounts WHERE user_id = ?`;
  return (await reader.one<MemberRow>(sql, [userId])) ?? nobody;
}

export function stateOf(row: MemberRow): CheckInState {
  return {
    day: row.last_day,
    streakDays: row.streak_days,
    rewarded: { weeks: row.streak_weeks, months: row.streak_months },
    totalDays: row.total_days,
    timezone: row.last_timezone,
    nextAt: fromSqlTimeOrNull(row.next_check_in_at),
    makeupCards: row.makeup_cards,
  };
}

/** What the state is as columns, for the account's update. */
export function columnsOf(state: CheckInState): Record<string, SqlValue> {
  return {
    last_day: state.day,
    last_timezone: state.timezone,
    next_check_in_at: sqlTimeOrNull(state.nextAt),
    streak_days: state.streakDays,
    streak_weeks: state.rewarded.weeks,
    streak_months: state.rewarded.months,
    total_days: state.totalDays,
    makeup_cards: state.makeupCards,
  };
}

/** On whose calendar a member's day is: the community's, or the member's own where the policy says so and one is known. */
export function momentOf(settings: PointsSettings, row: Pick<MemberRow, 'timezone'>, now: Date): Moment {
  const own = settings.CHECK_IN_CALENDAR === 'member' ? row.timezone : null;
  return { now, timezone: own ?? settings.COMMUNITY_TIMEZONE };
}

/** The day a member registered: no day before it can be made up. Where it is not known, whoever checked in was there already. */
export async function registrationDay(
  reader: Reader,
  userId: number,
  { registered_at }: MemberRow,
  moment: Moment,
): Promise<string> {
  if (registered_at !== null) return communityDay(fromSqlTime(registered_at), moment.timezone);
  const first = await reader.one<{ day: string | null }>('SELECT MIN(day) AS day FROM check_ins WHERE user_id = ?', [
    userId,
  ]);
  return first?.day ?? communityDay(moment.now, moment.timezone);
}

const windowsAtMost = 100;

/** The days of amnesties after one day and before another. Asked only when a streak would be broken without them. */
export async function protectedBetween(reader: Reader, after: string, before: string): Promise<IsProtected> {
  const windows = await reader.query<{ from_day: string; until_day: string }>(
    `SELECT from_day, until_day FROM amnesties WHERE until_day > ? AND from_day < ? AND undone_at IS NULL
     ORDER BY id DESC LIMIT ${windowsAtMost}`,
    [after, before],
  );
  return (day) => windows.some(({ from_day, until_day }) => from_day <= day && day <= until_day);
}

export interface MarkRow {
  id: number;
  day: string;
  is_makeup: number;
  skipped_days: number;
  streak_days: number;
  streak_weeks: number;
  streak_months: number;
  created_at: SqlTime;
}

/** The latest days that count, oldest first. */
export async function latestMarks(reader: Reader, userId: number, limit: number): Promise<MarkRow[]> {
  const rows = await reader.query<MarkRow>(
    `SELECT id, day, is_makeup, skipped_days, streak_days, streak_weeks, streak_months, created_at FROM check_ins
     WHERE user_id = ? ORDER BY day DESC LIMIT ${Math.trunc(limit)}`,
    [userId],
  );
  return rows.reverse();
}

/** `UPDATE` of several marks in one statement. */
export function updateMarks(marks: readonly Pick<MarkRow, 'id' | 'streak_days' | 'streak_weeks' | 'streak_months'>[]): {
  sql: string;
  values: SqlValue[];
} {
  const columns = ['streak_days', 'streak_weeks', 'streak_months'] as const;
  const cases = marks.map(() => 'WHEN ? THEN ?').join(' ');
  const sets = columns.map((column) => `${column} = CASE id ${cases} END`).join(', ');
  return {
    sql: `UPDATE check_ins SET ${sets} WHERE id IN (${placeholders(marks.length)})`,
    values: [
      ...columns.flatMap((column) => marks.flatMap((mark) => [mark.id, mark[column]])),
      ...marks.map(({ id }) => id),
    ],
  };
}
