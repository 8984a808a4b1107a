import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, fromSqlTime, sqlTime, type NamedLock, type SqlRow } from '#database';
import { UnitOfWork, type CommandContext, type Clock } from '#messaging';
import { InjectClock, InjectLogger, type Logger } from '#service';
import { deliveryRow } from '../deliveries/delivery.writer.js';
import { DeliverySender } from '../sender/delivery.sender.js';
import { nextCandidates } from './audience.store.js';
import { readingLanguage } from './broadcast.rules.js';
import { lockBroadcast, textsOf, type BroadcastRow } from './broadcast.store.js';
import { BroadcastWriter } from './broadcast.writer.js';

const intervalMs = 500;
const candidatesPerStep = 100;
/** So many messages of a broadcast wait at most: pausing and cancelling have little to undo. */
const waitingAtMost = 300;
const stepsPerRound = 20;
const sweepMs = 24 * 60 * 60_000;

/**
 * Turns confirmed broadcasts into deliveries, a bounded step at a time: the deliveries of a step and how far it has come are written
 * in one transaction, so a crash repeats or loses nobody. The unique index on broadcast and member is the rule.
 */
@Injectable()
export class BroadcastWritingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lock: NamedLock | null = null;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly writer: BroadcastWriter,
    private readonly sender: DeliverySender,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), intervalMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.lock?.release();
  }

  private tick(): void {
    this.running ??= this.round()
      .catch((error: unknown) => this.logger.warn({ error }, 'broadcasts could not go on, it will be tried again'))
      .finally(() => (this.running = null));
  }

  private async round(): Promise<void> {
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.database.acquireLock('broadcast-writing');
    if (!this.lock) return;
    // Those under way first: however many were cancelled today, none of them has to wait.
    const open = await this.database.reader.query<{ id: number }>(
      `SELECT id FROM broadcasts WHERE status IN ('scheduled', 'sending', 'paused')
       OR (status IN ('cancelled', 'expired') AND finished_at > ?)
       ORDER BY CASE WHEN status IN ('cancelled', 'expired') THEN 1 ELSE 0 END, finished_at DESC, id LIMIT 100`,
      [sqlTime(new Date(this.clock.now().getTime() - sweepMs))],
    );
    for (const { id } of open) await this.advance(id);
  }

  private async advance(id: number): Promise<void> {
    for (let step = 0; step < stepsPerRound && !this.stopped; step += 1) {
      const goesOn = await this.unitOfWork.runAs('broadcast-writing', async (context) => {
        const row = await lockBroadcast(context.tx, id);
        return this.step(context, row);
      });
      if (!goesOn) return;
      this.sender.expectWork();
    }
  }

  /** Whether there is more to do right now. */
  private async step(context: CommandContext, row: BroadcastRow): Promise<boolean> {
    const { now } = context;
    if (row.status === 'cancelled' || row.status === 'expired') {
      // One that was on its way when it ended, and came back to be tried again.
      await this.writer.cancelWaiting(context, row.id);
      return false;
    }
    if (row.expires_at !== null && fromSqlTime(row.expires_at) <= now && row.status !== 'draft') {
      await this.writer.moveTo(context, row, 'expired');
      return false;
    }
    if (row.status === 'scheduled' && row.starts_at !== null && fromSqlTime(row.starts_at) <= now) {
      await this.writer.moveTo(context, row, 'sending');
      return true;
    }
    if (row.status !== 'sending') return false;
    const waiting = await this.countWaiting(context, row.id);
    if (row.all_written === 0) {
      if (waiting + candidatesPerStep > waitingAtMost) return false;
      await this.write(context, row);
      return true;
    }
    if (waiting === 0) await this.writer.moveTo(context, row, 'finished');
    return false;
  }

  private async write({ tx, now }: CommandContext, row: BroadcastRow): Promise<void> {
    const candidates = await nextCandidates(tx, row, candidatesPerStep, now);
    const texts = textsOf(row);
    const readers = candidates.filter(({ locale }) => readingLanguage(locale, texts, row.fallback) !== null);
    const rows: SqlRow[] = readers.map(({ user_id: userId }) =>
      deliveryRow(
        {
          userId,
          channel: 'telegram',
          lane: 'broadcast',
          content: { template: 'broadcast', texts, fallback: row.fallback },
          expiresAt: row.expires_at === null ? now : fromSqlTime(row.expires_at),
          broadcastId: row.id,
        },
        { key: `broadcast:${row.id}:${userId}`, requestId: row.request_id, now },
      ),
    );
    if (rows.length > 0) await tx.upsert('deliveries', rows, { conflict: ['broadcast_id', 'user_id'] });
    await tx.execute(
      'UPDATE broadcasts SET gone_through = ?, written = written + ?, left_out = left_out + ?, all_written = ? WHERE id = ?',
      [
        candidates.at(-1)?.user_id ?? row.gone_through,
        rows.length,
        candidates.length - rows.length,
        candidates.length < candidatesPerStep ? 1 : 0,
        row.id,
      ],
    );
  }

  private countWaiting({ tx }: CommandContext, id: number): Promise<number> {
    return tx.count("deliveries WHERE broadcast_id = ? AND status IN ('pending', 'sending')", [id]);
  }
}
