import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Cache } from '#cache';
import { ListStandings, type AccountStanding, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { InjectCache, InjectLogger, StandingList, type Logger } from '#service';
import { keysOfMember, telegramIdKey } from '../bot/member/cache-key.rules.js';

type Change = OutputOf<typeof ListStandings>['items'][number];

const everyMs = 1_000;
const changesPerQuestion = 1_000;
/** Changes that are committed late have a smaller id than some that were told: so far back it is asked again. */
const lookBackIds = 50;

/**
 * Whom the doors of this gateway refuse (U-01). One question a second for all members, instead of one for each request: a ban is
 * known here at most about two seconds after it was made, and while the owner is away not at all; then the services refuse.
 */
@Injectable()
export class StandingWatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly list = new StandingList();
  private afterId: number | null = null;
  private timer: NodeJS.Timeout | null = null;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly client: MessageClient,
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** What the account is, `active` when it has become that again lately, undefined when nothing is known. */
  recent(userId: number): AccountStanding | 'active' | undefined {
    return this.list.of(userId) ?? (this.list.knows(userId) ? 'active' : undefined);
  }

  of(userId: number): AccountStanding | undefined {
    return this.list.of(userId);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), everyMs);
    this.timer.unref();
    this.tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.asking;
  }

  private tick(): void {
    this.asking ??= this.ask()
      // The owner is restarting, or has no answer yet: a second later is soon enough to say so, once a minute would be too.
      .catch((error: unknown) => this.logger.debug({ error }, 'the standings of accounts are not to be had'))
      .finally(() => (this.asking = null));
  }

  private async ask(): Promise<void> {
    const input = { after_id: this.afterId === null ? null : Math.max(0, this.afterId - lookBackIds) };
    const { items } = await this.client.query(ListStandings, { ...input, limit: changesPerQuestion }, watcherCall());
    for (const change of items) await this.learn(change);
    const last = items.at(-1)?.id;
    if (last !== undefined || this.afterId === null) this.afterId = Math.max(this.afterId ?? 0, last ?? 0);
  }

  /** What the cache holds about the member is of before the change. */
  private async learn(change: Change): Promise<void> {
    const { id, user_id: userId, status, changed_at: changedAt } = change;
    if (!this.list.learn({ userId, status, changedAt, id })) return;
    const telegramId = change.telegram_id ?? (await this.cache.get(telegramIdKey(userId)).catch(() => null));
    const keys = telegramId === null ? [] : keysOfMember(telegramId);
    if (status === 'erased') keys.push(telegramIdKey(userId));
    for (const key of keys) await this.cache.delete(key).catch(() => undefined);
    if (status === 'erased') await this.cache.forgetHistory().catch(() => undefined);
  }
}

function watcherCall(): Call {
  return { request_id: randomUUID(), actor: { kind: 'system', name: 'gateway' }, channel: 'system', locale: 'en' };
}
