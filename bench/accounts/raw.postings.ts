import { randomUUID } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';
import { sqlNow } from '../points/points.place.js';

const filler = 'x'.repeat(1_100);

/** One posting as statements without us: lock, record, balance, outbox, inbox, commit; the writes travel together, as ours do. */
async function post(connection: Connection, account: number): Promise<void> {
  const now = sqlNow();
  await connection.query(
    'START TRANSACTION; SELECT balance, version FROM point_accounts WHERE user_id = ? FOR UPDATE',
    [account],
  );
  await connection.query(
    `INSERT INTO point_records (user_id, points, type, description, balance_after, idempotency_key, created_at)
       VALUES (?, 1, 9, 'raw', 1, ?, ?);
     UPDATE point_accounts SET balance = balance + 1, version = version + 1, updated_at = ? WHERE user_id = ?;
     INSERT INTO outbox (message, created_at) VALUES (?, ?);
     INSERT INTO inbox (message_id, contract, input_hash, reply, handled_at) VALUES (?, 'raw', 'raw', ?, ?);
     COMMIT`,
    [account, randomUUID(), now, now, account, filler, now, randomUUID(), filler.slice(0, 200), now],
  );
}

/** Postings to one account over some connections: what the engine alone makes of a hot row. */
export async function rawPostings(
  mysqlUrl: string,
  { account, connections, seconds }: { account: number; connections: number; seconds: number },
): Promise<number> {
  const opened = await Promise.all(
    Array.from({ length: connections }, () => createConnection({ uri: mysqlUrl, multipleStatements: true })),
  );
  for (const connection of opened) await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let count = 0;
  const lane = async (connection: Connection): Promise<void> => {
    while (performance.now() < endsAt) {
      await post(connection, account);
      count += 1;
    }
  };
  await Promise.all(opened.map(lane));
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  await Promise.all(opened.map((connection) => connection.end()));
  return Math.round(count / tookSeconds);
}
