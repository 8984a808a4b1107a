import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { Database, fromSqlTime, placeholders, type SqlTime } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, Metrics, timeForWaiting, type Logger } from '#service';
import { lanes } from '../deliveries/delivery.rules.js';
import type { NotificationSettings } from '../notification.env.js';
import { pauseWanted, type TelegramFailure } from '../sender/telegram-error.rules.js';
import { TelegramPauses } from '../sender/telegram-pauses.store.js';
import { TelegramPacer } from '../sender/telegram.pacer.js';
import { TelegramSender } from '../sender/telegram.sender.js';
import { LogLineFormat } from './log-line.format.js';
import { nextBatch, type Batch, type LineKind, type LogLine } from './log-line.rules.js';

interface Line extends LogLine {
  readonly params: Record<string, string | number | null>;
  readonly happenedAt: Date;
}

interface LineRow {
  id: number;
  line_key: string;
  kind: LineKind;
  params: string;
  happened_at: SqlTime;
  repeats: number;
}

const linesReadAtMost = 1_000;
/** A line waits so long for others to share its message. */
const gatherMs = 2_000;
const idleMs = 1_000;
const silencePauseMs = 5_000;
/** The chat does not take our messages: somebody has to set it right, nothing is thrown away meanwhile. Twice as long each time. */
const refusedPauseMs = { least: 2_000, most: 60_000 };
const patienceMs = 5_000;

/**
 * Sends the lines of the log topic, oldest first, as many as fit into one message, at a pace below Telegram's 20 per minute and group
 * (B-05). A line is deleted when Telegram has it: whatever Telegram says meanwhile, it only waits. Runs in the one process that sends.
 */
@Injectable()
export class LogTopicSender {
  private readonly now: () => number;
  private readonly chatId: string | null;
  private readonly topicId: number | undefined;
  private isTopicGone = false;
  private running: Promise<void> | null = null;
  private notBefore = 0;
  private refusals = 0;
  private readonly sent: Counter;

  constructor(
    private readonly database: Database,
    private readonly telegram: TelegramSender,
    private readonly pacer: TelegramPacer,
    private readonly pauses: TelegramPauses,
    private readonly format: LogLineFormat,
    @InjectClock() clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() settings: NotificationSettings,
    metrics: Metrics,
  ) {
    this.now = timeForWaiting(clock, (byMs) => (this.notBefore -= byMs));
    this.chatId = settings.LOG_CHAT_ID ?? settings.TELEGRAM_ADMIN_ID ?? null;
    this.topicId = settings.LOG_CHAT_ID === undefined ? undefined : settings.LOG_TOPIC_ID;
    this.sent = metrics.counter('coser_log_lines_total', 'Lines that have reached the log topic');
    metrics.gauge('coser_log_lines_pending', 'Lines that wait for the log topic', async (gauge) => {
      const row = await this.database.reader
        .one<{ total: number | string | null }>('SELECT SUM(repeats) AS total FROM log_lines')
        .catch(() => null);
      if (row !== null) gauge.set(Number(row?.total ?? 0));
    });
  }

  /** Begins a message when it is time for one; returns at once. */
  work(): void {
    if (this.chatId === null || this.running || this.now() < this.notBefore) return;
    this.running = this.sendNext(this.chatId)
      .catch((error: unknown) => {
        this.notBefore = this.now() + silencePauseMs;
        this.logger.warn({ error }, 'the log topic could not be served, it will be tried again');
      })
      .finally(() => (this.running = null));
  }

  /** Resolves when no message is on its way. */
  async settle(): Promise<void> {
    await this.running;
  }

  private async sendNext(configuredChat: string): Promise<void> {
    const lines = await this.read();
    const oldest = lines[0];
    if (!oldest) return this.wait(idleMs);
    const ageMs = this.now() - oldest.happenedAt.getTime();
    // A line from the future is of another clock, or of before this one was set back: nothing would join it for long.
    if (ageMs >= 0 && ageMs < gatherMs) return this.wait(gatherMs - ageMs);
    const names = await this.readNames(lines);
    const write = (line: Line): string => this.format.lineOf(line.kind, line.params, line.happenedAt, names);
    const batch = nextBatch(lines, (line) => write(line).length);
    const parts = [...(batch.counted.size > 0 ? [this.format.countsOf(batch.counted)] : []), ...batch.told.map(write)];
    const chatId = await this.pauses.currentId(configuredChat);
    const turn = await this.pacer.turn(chatId, lanes.transactional, patienceMs);
    if (!turn.go) return this.wait(Math.max(0, turn.until - this.now()));
    const failure = await this.telegram.deliver(chatId, parts.join('\n'), this.isTopicGone ? undefined : this.topicId);
    if (failure) this.learn(chatId, failure);
    else {
      this.refusals = 0;
      await this.forget(batch);
    }
  }

  private learn(chatId: string, failure: TelegramFailure): void {
    if (failure.kind === 'silence' || failure.code >= 500) return this.wait(silencePauseMs);
    const pauseSeconds = pauseWanted(failure);
    if (pauseSeconds !== null) return this.wait(pauseSeconds * 1_000);
    // The next message goes where the group is now.
    if (failure.movedTo !== undefined) return;
    if (/thread not found/i.test(failure.description) && !this.isTopicGone) {
      this.isTopicGone = true;
      this.logger.error({ topic_id: this.topicId }, 'the log topic is gone: its lines go into the group itself');
      return;
    }
    this.logger.error({ chat_id: chatId, reason: failure.description }, 'the log chat does not take messages');
    this.wait(Math.min(refusedPauseMs.most, refusedPauseMs.least * 2 ** this.refusals));
    this.refusals += 1;
  }

  private async read(): Promise<Line[]> {
    const rows = await this.database.reader.query<LineRow>(
      `SELECT id, line_key, kind, params, happened_at, repeats FROM log_lines ORDER BY id LIMIT ${linesReadAtMost}`,
    );
    return rows.map(({ id, line_key, kind, params, happened_at, repeats }) => ({
      id,
      kind,
      repeats: Number(repeats),
      isCount: line_key.startsWith('more:'),
      params: JSON.parse(params) as Line['params'],
      happenedAt: fromSqlTime(happened_at),
    }));
  }

  private async readNames(lines: readonly Line[]): Promise<Map<number, string>> {
    const ids = new Set(
      lines
        .flatMap(({ params }) => [params['user_id'], params['other_id']])
        .filter((id): id is number => typeof id === 'number'),
    );
    if (ids.size === 0) return new Map();
    const rows = await this.database.reader.query<{ user_id: number; first_name: string | null }>(
      `SELECT user_id, first_name FROM contacts WHERE user_id IN (${placeholders(ids.size)})`,
      [...ids],
    );
    return new Map(rows.flatMap(({ user_id, first_name }) => (first_name === null ? [] : [[user_id, first_name]])));
  }

  /** What has come to a number since it was read stays. */
  private async forget({ done }: Batch<Line>): Promise<void> {
    const whole = done.filter(({ isCount }) => !isCount).map(({ id }) => id);
    await this.database.transaction(async (tx) => {
      if (whole.length > 0) {
        await tx.executeOnce(`DELETE FROM log_lines WHERE id IN (${placeholders(whole.length)})`, whole);
      }
      for (const { id, repeats } of done.filter(({ isCount }) => isCount)) {
        await tx.execute('UPDATE log_lines SET repeats = repeats - ? WHERE id = ?', [repeats, id]);
        await tx.execute('DELETE FROM log_lines WHERE id = ? AND repeats <= 0', [id]);
      }
    });
    this.sent.inc(done.reduce((sum, { repeats }) => sum + repeats, 0));
  }

  private wait(milliseconds: number): void {
    this.notBefore = this.now() + milliseconds;
  }
}
