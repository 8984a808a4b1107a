import { createHash, randomUUID } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';

/** The raw ceiling of a check-in: the statements of one transaction, prepared, over some connections, without us. */
export interface RawCheckInPlan {
  readonly mysqlUrl: string;
  readonly day: string;
  readonly connections: number;
  readonly seconds: number;
  readonly firstUser: number;
}

export interface RawCheckInResult {
  readonly perSecond: number;
  readonly checkIns: number;
  /** Cores that the process itself took. */
  readonly cores: number;
}

/** Lengths as ours are: two events in one row, the reply of a check-in. */
const outboxMessageLength = 1400;
const replyLength = 300;
const filler = 'x'.repeat(outboxMessageLength);
const timezone = 'Asia/Shanghai';

async function checkIn(connection: Connection, user: number, day: string): Promise<void> {
  const now = new Date().toISOString().replace('T', ' ').slice(0, 23);
  await connection.query('START TRANSACTION');
  await connection.execute(
    `SELECT balance, frozen, lifetime_earned, version, registered_at, timezone, last_day, last_timezone, next_check_in_at, streak_days,
     streak_weeks, streak_months, total_days, makeup_cards FROM point_accounts WHERE user_id = ? FOR UPDATE`,
    [user],
  );
  await connection.execute(
    `INSERT INTO check_ins (user_id, day, streak_days, total_days, points, timezone, skipped_days, streak_weeks, streak_months, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [user, day, 2, 31, 10, timezone, 0, 0, 0, now],
  );
  await connection.execute(
    `INSERT INTO point_records (user_id, points, type, description, balance_after, idempotency_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [user, 10, 1, day, 20, `check_in:${user}:${day}`, now],
  );
  await connection.execute(
    `UPDATE point_accounts SET balance = balance + ?, frozen = frozen + ?, lifetime_earned = lifetime_earned + ?, version = version + 1,
     updated_at = ?, last_day = ?, last_timezone = ?, next_check_in_at = ?, streak_days = ?, streak_weeks = ?, streak_months = ?,
     total_days = ?, makeup_cards = ? WHERE user_id = ?`,
    [10, 0, 10, now, day, timezone, now, 2, 0, 0, 31, 3, user],
  );
  await connection.execute('INSERT INTO outbox (message, created_at) VALUES (?, ?)', [filler, now]);
  const id = createHash('sha256').update(randomUUID()).digest('hex');
  await connection.execute(
    'INSERT INTO inbox (message_id, contract, input_hash, reply, handled_at) VALUES (?, ?, ?, ?, ?)',
    [id, 'points.check_in.v1', id, filler.slice(0, replyLength), now],
  );
  await connection.query('COMMIT');
}

async function run(plan: RawCheckInPlan): Promise<RawCheckInResult> {
  let user = plan.firstUser;
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => createConnection({ uri: plan.mysqlUrl })),
  );
  for (const connection of connections) {
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  }
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1000;
  const lane = async (connection: Connection): Promise<void> => {
    while (performance.now() < endsAt) await checkIn(connection, user++, plan.day);
  };
  await Promise.all(connections.map(lane));
  const seconds = (performance.now() - startedAt) / 1000;
  const used = process.cpuUsage(before);
  const cores = Math.round((used.user + used.system) / seconds / 10_000) / 100;
  await Promise.all(connections.map((connection) => connection.end()));
  const checkIns = user - plan.firstUser;
  return { perSecond: Math.round((checkIns / seconds) * 10) / 10, checkIns, cores };
}

process.once('message', (plan: RawCheckInPlan) => {
  run(plan).then(
    (result) => process.send?.({ result }, () => process.disconnect()),
    // Its connections are still open, and their locks would hold up the clearing away.
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  );
});
