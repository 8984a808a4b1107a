import { sqlNow, type PointsPlace } from '../points/points.place.js';

const insertedAtOnce = 20_000;
/** Nothing of the seed is news, which the job would bring onto the boards while they are asked. */
const seededAgoMs = 3_600_000;

/** Scores that lie close together and repeat, as they do where everybody gets the same for the same. */
const score = '10 * (1 + (n.id * 7919) % 30000)';

/**
 * Members with account, ledger and a place on the boards. Made of numbers inside the database: a million by INSERT from here
 * would take longer than all else.
 */
export async function seedLedger(place: PointsPlace, members: number, active: number): Promise<void> {
  const { database } = place;
  const now = sqlNow(seededAgoMs);
  await database.query('CREATE TABLE bench_numbers (id BIGINT NOT NULL PRIMARY KEY)');
  await database.query('INSERT INTO bench_numbers VALUES (1)');
  for (let made = 1; made < members; made *= 2) {
    await database.query('INSERT INTO bench_numbers SELECT id + ? FROM bench_numbers WHERE id + ? <= ?', [
      made,
      made,
      members,
    ]);
  }
  for (let from = 0; from < members; from += insertedAtOnce) {
    const part = [from, Math.min(members, from + insertedAtOnce)];
    await database.query(
      `INSERT INTO point_accounts (user_id, balance, frozen, lifetime_earned, version, total_days, updated_at)
       SELECT n.id, ${score}, 0, ${score}, 1, 1 + n.id % 400, ? FROM bench_numbers n WHERE n.id > ? AND n.id <= ?`,
      [now, ...part],
    );
    await database.query(
      `INSERT INTO leaderboard_members (user_id, display_name, province, listed, touched_at)
       SELECT n.id, CONCAT('Member ', n.id), CASE WHEN n.id % 10 = 0 THEN 'CN-SH' ELSE NULL END, '[]', ?
       FROM bench_numbers n WHERE n.id > ? AND n.id <= ?`,
      [now, ...part],
    );
    await database.query(
      `INSERT INTO point_records (user_id, points, type, description, balance_after, idempotency_key, created_at)
       SELECT n.id, ${score}, 1, 'bench', ${score}, CONCAT('bench:', n.id),
       CASE WHEN n.id <= ? THEN ? ELSE '2020-01-01 00:00:00.000' END FROM bench_numbers n WHERE n.id > ? AND n.id <= ?`,
      [active, now, ...part],
    );
  }
  // Velocity rules watch what is posted from now on.
  await database.query('UPDATE velocity_cursors SET record_id = (SELECT MAX(id) FROM point_records)');
  await database.query('DROP TABLE bench_numbers');
}
