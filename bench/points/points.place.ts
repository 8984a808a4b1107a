import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { MessageClient, RabbitBroker } from '#messaging';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import type { BenchPlace } from '../platform/bench.place.js';
import { BenchProcess, untilAnswering } from '../platform/child.process.js';
import { freePort } from '../platform/free.port.js';

const readyWithinMs = 120_000;

/** The points service as a process of its own on MariaDB and RabbitMQ, and whom to ask it and look behind it. */
export class PointsPlace {
  private process: BenchProcess | null = null;
  private broker: RabbitBroker | null = null;
  private connection: Connection | null = null;

  constructor(
    readonly place: BenchPlace,
    private readonly root: string,
  ) {}

  /** `redisUrl` unset: leaderboards lie in the memory of the service. */
  async start(environment: Record<string, string> = {}, redisUrl?: string): Promise<void> {
    const port = await freePort();
    this.process = BenchProcess.start({
      name: 'points',
      args: [join(this.root, 'dist/apps/points/src/main.js')],
      logFile: this.logFile,
      environment: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        POINTS_METRICS_PORT: String(port),
        DATA_DIR: this.place.directory,
        MYSQL_URL: this.place.mysqlUrl,
        RABBITMQ_URL: this.place.rabbitmqUrl,
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
        ...freshEncryptionKeys(),
        AUTH_SECRET: randomBytes(32).toString('hex'),
        LOG_LEVEL: 'info',
        ...environment,
      },
    });
    await untilAnswering(this.process, `http://127.0.0.1:${port}/health/ready`, readyWithinMs);
    this.broker ??= await RabbitBroker.connect({
      url: this.place.rabbitmqUrl,
      log: { warn: () => {}, info: () => {} },
    });
    this.connection ??= await createConnection({
      uri: this.place.mysqlUrl,
      database: this.place.databaseOf('points'),
    });
  }

  get logFile(): string {
    return join(this.place.directory, 'points.log');
  }

  /** 0 while it does not run. */
  get pid(): number {
    return this.process?.pid ?? 0;
  }

  get client(): MessageClient {
    return new MessageClient(this.events);
  }

  get events(): RabbitBroker {
    return opened(this.broker);
  }

  get database(): Connection {
    return opened(this.connection);
  }

  /** Rows of the service's own tables. */
  async rows(sql: string, values: (string | number)[] = []): Promise<RowDataPacket[]> {
    const [rows] = await this.database.query<RowDataPacket[]>(sql, values);
    return rows;
  }

  /** One number. */
  async number(sql: string, values: (string | number)[] = []): Promise<number> {
    const [row] = await this.rows(sql, values);
    return Number(Object.values(row ?? {})[0] ?? Number.NaN);
  }

  /** Ends the service; its tables and queues stay for another. */
  async stopService(): Promise<void> {
    await this.process?.stop();
    this.process = null;
  }

  async stop(): Promise<void> {
    await this.stopService();
    await this.connection?.end();
    await this.broker?.close();
  }
}

function opened<Part>(part: Part | null): Part {
  if (part === null) throw new Error('the place has not been started');
  return part;
}

/** The time as the tables keep it, so many milliseconds ago. */
export function sqlNow(agoMs = 0): string {
  return new Date(Date.now() - agoMs).toISOString().replace('T', ' ').slice(0, 23);
}
