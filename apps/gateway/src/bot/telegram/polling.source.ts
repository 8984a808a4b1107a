import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Telegram } from 'telegraf';
import type { Cache } from '#cache';
import { InjectCache, InjectLogger, type Logger } from '#service';
import { allowedUpdates } from '../bot.types.js';
import { backOffMs } from './back-off.rules.js';
import { timeLimit } from './telegram.client.js';
import { isConflict, retryAfterMs } from './telegram.errors.js';
import { updateSchema, type IncomingUpdate } from './update.rules.js';
import { UpdateWorker } from './update.worker.js';

const lease = 'telegram-polling';
const leaseMs = 30_000;
const renewEveryMs = 10_000;
const waitForLeaseMs = 5_000;
const pollSeconds = 25;
const updatesAtMost = 100;
const afterConflictMs = 5_000;

/**
 * Long polling by the one replica that holds the lease (B-03). A batch is confirmed, by the next poll's offset, when all of it is
 * handled; updates of different chats are handled side by side.
 */
@Injectable()
export class PollingSource {
  private readonly owner = randomUUID();
  private offset = 0;

  constructor(
    private readonly updates: UpdateWorker,
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Polls until `stop`; never rejects. */
  async run(telegram: Telegram, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      if (await this.takeLease()) await this.pollAsLeader(telegram, stop);
      await quietly(pause(waitForLeaseMs, undefined, { signal: stop }));
    }
    await this.cache.releaseLease(lease, this.owner).catch(() => undefined);
  }

  private async takeLease(): Promise<boolean> {
    return this.cache.acquireLease(lease, this.owner, leaseMs).catch(() => false);
  }

  private async pollAsLeader(telegram: Telegram, stop: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(lost), renewEveryMs);
    const end = AbortSignal.any([stop, lost.signal]);
    this.logger.info({}, 'polling Telegram');
    try {
      await this.pollUntil(telegram, end);
    } finally {
      clearInterval(renewal);
    }
    if (stop.aborted) await this.confirm(telegram);
  }

  private async pollUntil(telegram: Telegram, end: AbortSignal): Promise<void> {
    let failures = 0;
    while (!end.aborted) {
      try {
        await this.handle(await this.poll(telegram, end));
        failures = 0;
      } catch (error) {
        if (end.aborted) return;
        failures += 1;
        const pauseMs =
          retryAfterMs(error) ?? (isConflict(error) ? afterConflictMs : backOffMs(failures, Math.random()));
        this.logger.warn({ error, pause_ms: pauseMs }, 'polling Telegram failed');
        await quietly(pause(pauseMs, undefined, { signal: end }));
      }
    }
  }

  private async poll(telegram: Telegram, end: AbortSignal): Promise<IncomingUpdate[]> {
    const wish = { offset: this.offset, limit: updatesAtMost, timeout: pollSeconds, allowed_updates: allowedUpdates };
    const received: unknown = await telegram.callApi('getUpdates', wish, {
      signal: timeLimit((pollSeconds + 15) * 1_000, end),
    });
    return updateSchema.array().parse(received);
  }

  private async handle(batch: readonly IncomingUpdate[]): Promise<void> {
    const handlings = await Promise.all(batch.map((update) => this.updates.handle(update, { isOnlyReceiver: true })));
    const firstLeft = handlings.indexOf('busy');
    const settled = firstLeft < 0 ? batch : batch.slice(0, firstLeft);
    const last = settled.at(-1);
    if (last) this.offset = last.update_id + 1;
    if (firstLeft >= 0) throw new Error('not all updates could be taken');
  }

  /** Tells Telegram what has been handled last, as the next poll would have done. */
  private async confirm(telegram: Telegram): Promise<void> {
    const wish = { offset: this.offset, limit: 1, timeout: 0 };
    if (this.offset > 0) await quietly(telegram.callApi('getUpdates', wish, { signal: timeLimit(2_000) }));
  }

  /** While the cache is away the leader goes on: nobody else can become one, and Telegram itself refuses a second poll. */
  private async renew(lost: AbortController): Promise<void> {
    const isMine = await this.cache
      .renewLease(lease, this.owner, leaseMs)
      .then(async (renewed) => renewed || (await this.takeLease()))
      .catch(() => true);
    if (isMine) return;
    this.logger.warn({}, 'another replica polls Telegram now');
    lost.abort();
  }
}

/** A stop during a pause, or a last call that fails, changes nothing. */
async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}
