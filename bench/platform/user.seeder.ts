import { createConnection, type Connection } from 'mysql2/promise';
import type { BenchPlace } from './bench.place.js';

export interface SeedCounts {
  readonly users: number;
  /** The first ones, who are asked about: they have a ledger of `recordsOfReader` rows. */
  readonly readers: number;
}

type Row = (string | number | null)[];

const recordsOfReader = 10;
const pointsOfCheckIn = 10;
const rowsPerInsert = 2_000;
const dayMs = 86_400_000;

export function telegramIdOf(user: number): number {
  return 5_000_000 + user;
}

/** Members as they are after some days with us: user, contact, account, ledger, and a check-in yesterday. */
export async function seedUsers(place: BenchPlace, counts: SeedCounts): Promise<void> {
  const connection = await createConnection({ uri: place.mysqlUrl, database: place.databaseOf('points') });
  const now = new Date().toISOString().replace('T', ' ').slice(0, 23);
  const users = Array.from({ length: counts.users }, (_, index) => index + 1);
  const insert = (target: string, rows: Row[]): Promise<void> => insertAll(connection, target, rows);
  const pointsOf = (user: number): number => pointsOfCheckIn * (user <= counts.readers ? recordsOfReader : 1);
  await insert(
    `${place.databaseOf('user')}.users (id, telegram_id, kind, first_name, locale, points, points_version)`,
    users.map((user) => [user, String(telegramIdOf(user)), 'person', `Member ${user}`, 'en', pointsOf(user), 1]),
  );
  await insert(
    `${place.databaseOf('notification')}.contacts (user_id, telegram_id, first_name, locale, profile_seen_at)`,
    users.map((user) => [user, String(telegramIdOf(user)), `Member ${user}`, 'en', now]),
  );
  await insert(
    `point_accounts (user_id, balance, frozen, lifetime_earned, version, last_day, last_timezone, streak_days, streak_weeks, total_days,
      updated_at)`,
    users.map((user) => {
      const streak = streakOf(user);
      const points = pointsOf(user);
      return [user, points, 0, points, 1, communityDay(1), 'Asia/Shanghai', streak, Math.floor(streak / 7), 30, now];
    }),
  );
  await insert(
    'point_records (user_id, points, type, description, balance_after, idempotency_key)',
    users.flatMap((user) => ledgerOf(user, pointsOf(user) / pointsOfCheckIn)),
  );
  await insert(
    'check_ins (user_id, day, streak_days, total_days, points, created_at)',
    users.map((user) => [user, communityDay(1), streakOf(user), 30, pointsOfCheckIn, now]),
  );
  await connection.end();
}

/** One in seven gets the bonus of the seventh day with the next check-in. */
function streakOf(user: number): number {
  return 1 + (user % 7);
}

function ledgerOf(user: number, days: number): Row[] {
  return Array.from({ length: days }, (_, index) => {
    const day = communityDay(days - index);
    return [user, pointsOfCheckIn, 1, day, pointsOfCheckIn * (index + 1), `check_in:${user}:${day}`];
  });
}

/** The calendar day of the community, so many days ago. */
export function communityDay(daysAgo: number): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Asia/Shanghai',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return format.format(new Date(Date.now() - daysAgo * dayMs));
}

async function insertAll(connection: Connection, target: string, rows: Row[]): Promise<void> {
  await connection.beginTransaction();
  for (let index = 0; index < rows.length; index += rowsPerInsert) {
    await connection.query(`INSERT INTO ${target} VALUES ?`, [rows.slice(index, index + rowsPerInsert)]);
  }
  await connection.commit();
}
