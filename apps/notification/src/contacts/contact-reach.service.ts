import { Injectable } from '@nestjs/common';
import { sqlTime } from '#database';
import type { CommandContext, EventContext } from '#messaging';

/** Whether Telegram takes messages for a member. */
@Injectable()
export class ContactReachService {
  /** Telegram said that nothing can be sent to this chat. */
  async markBlocked({ tx, now }: CommandContext, userId: number): Promise<void> {
    await tx.execute('UPDATE contacts SET telegram_blocked_at = ? WHERE user_id = ?', [sqlTime(now), userId]);
  }

  async markReachable({ tx }: CommandContext, userId: number): Promise<void> {
    await tx.execute(
      'UPDATE contacts SET telegram_blocked_at = NULL WHERE user_id = ? AND telegram_blocked_at IS NOT NULL',
      [userId],
    );
  }

  /** Somebody who writes to the bot has not blocked it (any more). */
  async noticeSignOfLife({ tx, call, message }: EventContext, userId: number): Promise<void> {
    if (call.channel !== 'bot' || call.actor.kind !== 'user' || call.actor.user_id !== userId) return;
    await tx.execute('UPDATE contacts SET telegram_blocked_at = NULL WHERE user_id = ? AND telegram_blocked_at < ?', [
      userId,
      sqlTime(new Date(message.occurred_at)),
    ]);
  }
}
