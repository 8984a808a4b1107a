import { Injectable } from '@nestjs/common';
import { Database, fromSqlTime, sqlTime, type SqlTime } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectLogger, type Logger } from '#service';
import { TelegramPacer } from './telegram.pacer.js';

/** The row that stands for all chats. */
const everyChat = '*';
/** Shorter ones are over before another process has begun. */
const shortestKeptMs = 3_000;
const pausesReadAtMost = 5_000;

/** Remembers how long Telegram wants silence, and which group has another id by now, over restarts and for the next process. */
@Injectable()
export class TelegramPauses {
  constructor(
    private readonly database: Database,
    private readonly pacer: TelegramPacer,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Telegram said "too many requests" for this chat. Never rejects. */
  async pause(chatId: string, retryAfterMs: number): Promise<void> {
    const now = this.clock.now();
    const overallUntil = this.pacer.penalise(chatId, retryAfterMs);
    this.logger.warn({ chat_id: chatId, pause_ms: retryAfterMs }, 'Telegram asks for silence');
    if (retryAfterMs < shortestKeptMs) return;
    const pauses = [{ chat: chatId, until: new Date(now.getTime() + retryAfterMs) }];
    if (overallUntil - now.getTime() >= shortestKeptMs) pauses.push({ chat: everyChat, until: new Date(overallUntil) });
    const rows = pauses.map(({ chat, until }) => ({
      chat_id: chat,
      paused_until: sqlTime(until),
      updated_at: sqlTime(now),
    }));
    await this.database
      .transaction((tx) =>
        tx.upsert('telegram_chats', rows, { conflict: ['chat_id'], update: ['paused_until', 'updated_at'] }),
      )
      .catch((error: unknown) => this.logger.warn({ error }, 'a pause of Telegram could not be kept'));
  }

  /** This process begins to send. What is over is forgotten: the ids of members' chats are nothing to be kept (U-15). */
  async takeOver(): Promise<void> {
    const now = sqlTime(this.clock.now());
    await this.database.transaction((tx) =>
      tx.execute('DELETE FROM telegram_chats WHERE moved_to IS NULL AND paused_until <= ?', [now]),
    );
    const rows = await this.database.reader.query<{ chat_id: string; paused_until: SqlTime }>(
      `SELECT chat_id, paused_until FROM telegram_chats WHERE paused_until > ? LIMIT ${pausesReadAtMost}`,
      [now],
    );
    this.pacer.takeOver(
      rows.map(({ chat_id, paused_until }) => ({
        chatId: chat_id === everyChat ? null : chat_id,
        until: fromSqlTime(paused_until).getTime(),
      })),
    );
  }

  /** The id under which a group is reached today. */
  async currentId(chatId: string): Promise<string> {
    const row = await this.database.reader.one<{ moved_to: string | null }>(
      'SELECT moved_to FROM telegram_chats WHERE chat_id = ?',
      [chatId],
    );
    return row?.moved_to ?? chatId;
  }

  async noteMove(chatId: string, movedTo: string): Promise<void> {
    const row = { chat_id: chatId, moved_to: movedTo, updated_at: sqlTime(this.clock.now()) };
    await this.database.transaction((tx) =>
      tx.upsert('telegram_chats', row, { conflict: ['chat_id'], update: ['moved_to', 'updated_at'] }),
    );
  }
}
