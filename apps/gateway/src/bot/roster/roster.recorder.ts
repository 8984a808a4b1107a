import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Cache } from '#cache';
import { AppError, MigrateGroup, RecordGroupBot, RecordGroupSightings, RecordReach, type Call } from '#contracts';
import { MessageClient } from '#messaging';
import { InjectCache, InjectLogger, InjectSettings, Metrics, type Logger } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import { PatientClient } from '../member/patient.client.js';
import { botIdOf, idempotencyKeyOf, requestIdOf } from '../telegram/update.rules.js';
import { newsOf, type RosterNews, type RosterUpdate } from './roster-news.rules.js';

/** Who writes is noted once an hour. */
const authorEveryMs = 60 * 60_000;
const authorsInHandAtMost = 64;

/**
 * Tells the services what updates say about who is where (U-12) and who can be reached. What is said once only (somebody came,
 * left) must arrive: while it does not, the update is not confirmed. Authors of messages come again.
 */
@Injectable()
export class RosterRecorder {
  private readonly botId: string;
  private readonly authors = new Set<Promise<void>>();
  private readonly told: Counter<'kind' | 'outcome'>;

  constructor(
    private readonly patient: PatientClient,
    private readonly messages: MessageClient,
    @InjectCache() private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() settings: GatewaySettings,
    metrics: Metrics,
  ) {
    this.botId = botIdOf(settings.TELEGRAM_BOT_TOKEN ?? '');
    this.told = metrics.counter('coser_roster_news_total', 'News of who is in which group, by kind and outcome', [
      'kind',
      'outcome',
    ]);
  }

  /** False when the update must come again: its news could not be told. */
  async record(update: RosterUpdate): Promise<boolean> {
    const call = this.callOf(update.update_id);
    let isTold = true;
    for (const [index, news] of newsOf(update).entries()) {
      const key = `${idempotencyKeyOf(this.botId, update.update_id)}:roster:${index}`;
      if (news.kind === 'author') this.noteAuthor(news, call, key);
      else isTold = (await this.tell(news, call, key)) && isTold;
    }
    return isTold;
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.authors);
  }

  private async tell(news: Exclude<RosterNews, { kind: 'author' }>, call: Call, key: string): Promise<boolean> {
    try {
      await this.send(news, call, key);
      this.told.labels(news.kind, 'told').inc();
      return true;
    } catch (error) {
      // Who blocked the bot is found out with the next message too; anything but absence would be refused again.
      const comesAgain = news.kind !== 'reach' && isAbsence(error);
      this.told.labels(news.kind, comesAgain ? 'again' : 'lost').inc();
      this.logger.warn({ error, request_id: call.request_id, news: news.kind }, 'news of a group could not be told');
      return !comesAgain;
    }
  }

  private async send(news: Exclude<RosterNews, { kind: 'author' }>, call: Call, key: string): Promise<void> {
    switch (news.kind) {
      case 'sightings':
        await this.patient.command(RecordGroupSightings, news.input, call, key);
        return;
      case 'bot':
        await this.patient.command(RecordGroupBot, news.input, call, key);
        return;
      case 'migration':
        await this.patient.command(MigrateGroup, news.input, call, key);
        return;
      case 'reach': {
        const { telegramId, reachable, at } = news;
        await this.patient.command(RecordReach, { telegram_id: telegramId, reachable, at }, call, key);
      }
    }
  }

  /** Beside the update's handling: a busy chat must not wait for its roster. */
  private noteAuthor({ input }: RosterNews & { kind: 'author' }, call: Call, idempotencyKey: string): void {
    const [author] = input.sightings;
    if (!author || this.authors.size >= authorsInHandAtMost) return;
    const mark = `bot:author:${input.chat.chat_id}:${author.telegram_id}`;
    const work = (async () => {
      // Without the cache nobody knows who was noted lately; then nobody is.
      if (!(await this.cache.putIfAbsent(mark, 'noted', authorEveryMs).catch(() => false))) return;
      try {
        await this.messages.command(RecordGroupSightings, input, call, { idempotencyKey });
        this.told.labels('author', 'told').inc();
      } catch {
        this.told.labels('author', 'again').inc();
        await this.cache.delete(mark).catch(() => undefined);
      }
    })().finally(() => this.authors.delete(work));
    this.authors.add(work);
  }

  private callOf(updateId: number): Call {
    const actor = { kind: 'system', name: 'telegram-bot' } as const;
    return { request_id: requestIdOf(updateId), actor, channel: 'bot', locale: 'en' };
  }
}

/** The service is not there; it will be. */
function isAbsence(error: unknown): boolean {
  return (
    error instanceof AppError && (error.errorName === 'system.unavailable' || error.errorName === 'system.timeout')
  );
}
