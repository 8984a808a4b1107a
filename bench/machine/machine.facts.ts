import { cpus, loadavg, release, totalmem } from 'node:os';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { EngineAddresses } from '../platform/bench.place.js';

export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly database: string;
  readonly flushAtCommit: string;
  /** One-minute load before the run: above 0.5 somebody else is using the machine. */
  readonly loadBefore: number;
}

export async function machineFacts(engines: EngineAddresses): Promise<MachineFacts> {
  const connection = await createConnection({ uri: engines.MYSQL_URL });
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush_mode',
  );
  await connection.end();
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    database: String(rows[0]?.['version']),
    flushAtCommit: String(rows[0]?.['flush_mode']),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
