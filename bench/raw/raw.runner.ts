import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import type { BenchPlace } from '../platform/bench.place.js';
import { BenchProcess, untilAnswering } from '../platform/child.process.js';
import { freePort } from '../platform/free.port.js';
import type { RawCheckInPlan, RawCheckInResult } from './raw.check-in.js';

const rawTables = ['point_accounts', 'point_records', 'check_ins', 'inbox', 'outbox'];

/** Fastify, amqplib and mysql2 as two processes, over the same seeded accounts. */
export class RawReads {
  private constructor(
    readonly port: number,
    private readonly processes: readonly BenchProcess[],
  ) {}

  static async start(place: BenchPlace, root: string): Promise<RawReads> {
    const port = await freePort();
    const mysqlUrl = new URL(place.mysqlUrl);
    mysqlUrl.pathname = `/${place.databaseOf('points')}`;
    const environment = {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      MYSQL_URL: mysqlUrl.href,
      RABBITMQ_URL: place.rabbitmqUrl,
    };
    const processes = ['raw.service', 'raw.gateway'].map((name) =>
      BenchProcess.start({
        name,
        args: ['--import', 'tsx', join(root, 'bench/raw', `${name}.ts`)],
        environment,
        logFile: join(place.directory, `${name}.log`),
      }),
    );
    const gateway = processes[1] as BenchProcess;
    await untilAnswering(gateway, `http://127.0.0.1:${port}/balance/1`);
    return new RawReads(port, processes);
  }

  get names(): Map<number, string> {
    return new Map(this.processes.map(({ pid, name }) => [pid, name]));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }
}

/** Copies the tables of points, with their rows, into a database that no service uses. */
export async function copyTablesForRaw(place: BenchPlace): Promise<void> {
  const connection = await createConnection({ uri: place.mysqlUrl, database: place.databaseOf('points') });
  const raw = place.databaseOf('raw');
  await connection.query(`CREATE DATABASE IF NOT EXISTS \`${raw}\``);
  for (const table of rawTables) {
    await connection.query(`CREATE TABLE ${raw}.${table} LIKE ${table}`);
    await connection.query(`INSERT INTO ${raw}.${table} SELECT * FROM ${table}`);
  }
  await connection.end();
}

/** One round of raw check-in transactions in a process of its own. */
export function runRawCheckIns(place: BenchPlace, plan: Omit<RawCheckInPlan, 'mysqlUrl'>): Promise<RawCheckInResult> {
  const mysqlUrl = new URL(place.mysqlUrl);
  mysqlUrl.pathname = `/${place.databaseOf('raw')}`;
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./raw.check-in.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
    child.once('message', ({ result, error }: { result?: RawCheckInResult; error?: string }) => {
      if (result) resolve(result);
      else reject(new Error(`the raw check-ins failed: ${error}`));
    });
    child.once('exit', (code) => reject(new Error(`the raw check-ins ended with ${code}`)));
    child.send({ ...plan, mysqlUrl: mysqlUrl.href });
  });
}
