import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { LatencyRecorder, type LatencySummary } from '../load/latency.recorder.js';
import type { BenchPlace, BenchService } from './bench.place.js';
import type { BenchPlatform } from './bench.platform.js';

const sampleMs = 250;
const drainedAskedMs = 200;
const drainAtMostMs = 240_000;
const emitters: readonly BenchService[] = ['user', 'entitlement', 'points', 'notification'];

/** What became of the events while and after a load. */
export interface FlowSummary {
  /** Age of the oldest event in the outbox of points, sampled every 250 ms, in milliseconds. */
  readonly outboxLag: LatencySummary;
}

/** Watches how far the events are behind the requests, and waits until nothing is left. */
export class FlowWatcher {
  private lag = new LatencyRecorder();
  private timer: NodeJS.Timeout | null = null;

  private constructor(
    private readonly connection: Connection,
    private readonly place: BenchPlace,
    private readonly platform: BenchPlatform,
  ) {}

  static async open(place: BenchPlace, platform: BenchPlatform): Promise<FlowWatcher> {
    const connection = await createConnection({ uri: place.mysqlUrl, database: place.databaseOf('points') });
    await connection.query("SET time_zone = '+00:00'");
    return new FlowWatcher(connection, place, platform);
  }

  start(): void {
    this.lag = new LatencyRecorder();
    this.timer = setInterval(() => void this.sample(), sampleMs);
  }

  stop(): FlowSummary {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    return { outboxLag: this.lag.summary() };
  }

  async close(): Promise<void> {
    await this.connection.end();
  }

  /**
   * Waits until the outboxes are empty and every event is handled and audited, and says how long it took. Telegram receipts
   * go out at Telegram's pace and are not waited for; what they emit meanwhile may be on its way.
   */
  async drain(checkIns: number): Promise<number> {
    const startedAt = performance.now();
    for (;;) {
      const left = await this.left(checkIns);
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      if (left === null) return seconds;
      if (seconds * 1000 > drainAtMostMs) throw new Error(`after ${seconds} s still not drained: ${left}`);
      await new Promise((resolve) => setTimeout(resolve, drainedAskedMs));
    }
  }

  /** Deliveries that wait for their turn. */
  async pendingDeliveries(): Promise<number> {
    return this.count(
      `SELECT COUNT(*) AS n FROM ${this.place.databaseOf('notification')}.deliveries WHERE status IN ('pending', 'sending')`,
    );
  }

  private async left(checkIns: number): Promise<string | null> {
    const outbox = await this.count('SELECT COUNT(*) AS n FROM outbox');
    if (outbox > 0) return `${outbox} events in the outbox of points`;
    // Counted from the metrics of the services: asking the stores would itself be load.
    const published = await Promise.all(emitters.map((name) => this.metric(name, 'coser_outbox_published_total')));
    const audited = await this.metric('user', 'coser_audit_entries_total');
    const missing = published.reduce((sum, count) => sum + count, 0) - audited;
    if (missing > 50) return `${missing} events not audited`;
    const heard = await this.handled('user', 'points.balance_changed.v1');
    const told = await this.handled('notification', 'points.checked_in.v1');
    if (heard < checkIns) return `${checkIns - heard} balances not projected`;
    if (told < checkIns) return `${checkIns - told} check-ins not told`;
    return null;
  }

  private async handled(service: BenchService, contract: string): Promise<number> {
    return this.count(
      `SELECT COUNT(*) AS n FROM ${this.place.databaseOf(service)}.inbox WHERE contract = '${contract}'`,
    );
  }

  private async sample(): Promise<void> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      'SELECT TIMESTAMPDIFF(MICROSECOND, created_at, UTC_TIMESTAMP(3)) AS age FROM outbox ORDER BY id LIMIT 1',
    );
    this.lag.add(Math.max(0, Number(rows[0]?.['age'] ?? 0) / 1000));
  }

  private async count(sql: string): Promise<number> {
    const [rows] = await this.connection.query<RowDataPacket[]>(sql);
    return Number(rows[0]?.['n'] ?? 0);
  }

  private async metric(service: BenchService, name: string): Promise<number> {
    const text = await (await fetch(`${this.platform.operationsUrl(service)}/metrics`)).text();
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+]+)$`, 'm').exec(text)?.[1] ?? 0);
  }
}
