import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Update } from 'telegraf/types';
import type { Cache } from '#cache';
import { InjectCache, InjectLogger, Metrics, type Logger } from '#service';
import { allowedUpdates } from '../bot.types.js';
import type { RosterUpdate } from '../roster/roster-news.rules.js';
import { RosterRecorder } from '../roster/roster.recorder.js';
import { TelegramBot } from './telegram-bot.client.js';
import { LaneWorker } from './lane.worker.js';
import { laneOf, requestIdOf, typeOf, type IncomingUpdate } from './update.rules.js';

/** Telegram keeps updates for a day: none comes back later. */
const rememberedMs = 24 * 60 * 60_000;
/** After this a replica that has claimed an update and not settled it is taken for dead. */
const claimMs = 60_000;

/** `busy`: not handled; deliver it again later. */
export type Handling = 'handled' | 'busy';

/**
 * Takes updates from the webhook or the poll and resolves when they are handled or have definitely failed: only then may they
 * be confirmed. One that was seen before changes nothing: it is skipped while the cache remembers it, and without the cache
 * its commands carry the same idempotency key.
 */
@Injectable()
export class UpdateWorker {
  private readonly lanes = new LaneWorker();
  private readonly updates: Counter<'type'>;
  private stopping = false;

  constructor(
    private readonly bot: TelegramBot,
    private readonly roster: RosterRecorder,
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.updates = metrics.counter('coser_telegram_updates_total', 'Updates taken from Telegram, by type', ['type']);
  }

  /** `isOnlyReceiver`: nobody else can be at work on the update, so a claim on it is a dead replica's. */
  async handle(update: IncomingUpdate, { isOnlyReceiver }: { isOnlyReceiver: boolean }): Promise<Handling> {
    if (this.stopping || !this.bot.isReady) return 'busy';
    let handling: Handling = 'handled';
    const work = this.lanes.run(laneOf(update), async () => {
      const claim = await this.claim(update);
      if (claim === 'done') return;
      if (claim === 'elsewhere' && !isOnlyReceiver) handling = 'busy';
      else if (!(await this.process(update))) handling = 'busy';
    });
    if (work === undefined) return 'busy';
    await work;
    return handling;
  }

  /** Takes nothing more and resolves when what was taken is handled. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.lanes.drain();
    await this.roster.drain();
  }

  /** False when it must come again. */
  private async process(update: IncomingUpdate): Promise<boolean> {
    const type = typeOf(update, allowedUpdates);
    this.updates.labels(type).inc();
    try {
      if (!(await this.roster.record(update as unknown as RosterUpdate))) {
        await this.cache.delete(this.key(update)).catch(() => undefined);
        return false;
      }
      await this.bot.handle(update as unknown as Update);
    } catch (error) {
      // The features' errors are answered inside; what comes here would fail again tomorrow.
      this.logger.error(
        { error, request_id: requestIdOf(update.update_id), update_type: type },
        'an update was given up',
      );
    }
    await this.cache.set(this.key(update), 'done', rememberedMs).catch(() => undefined);
    return true;
  }

  private async claim(update: IncomingUpdate): Promise<'fresh' | 'done' | 'elsewhere'> {
    try {
      if (await this.cache.putIfAbsent(this.key(update), 'claimed', claimMs)) return 'fresh';
      return (await this.cache.get(this.key(update))) === 'done' ? 'done' : 'elsewhere';
    } catch {
      // Without the cache the idempotency keys alone keep the effects single.
      return 'fresh';
    }
  }

  private key({ update_id }: IncomingUpdate): string {
    return `bot:update:${this.bot.id}:${update_id}`;
  }
}
