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

  /**
   * Somebody who writes to the bot has not blocked it (any more), and speaks the language of that moment: the event that tells of
   * a new choice comes from another service and may still be on its way.
   */
  async noticeSignOfLife({ tx, call, message }: EventContext, userId: number): Promise<void> {
    if (call.channel !== 'bot' || call.actor.kind !== 'user' || call.actor.user_id !== userId) return;
    const at = sqlTime(new Date(message.occurred_at));
    await tx.execute('UPDATE contacts SET telegram_blocked_at = NULL WHERE user_id = ? AND telegram_blocked_at < ?', [
      userId,
      at,
    ]);
    await tx.execute('UPDATE contacts SET locale = ? WHERE user_id = ? AND locale <> ? AND profile_seen_at <= ?', [
      call.locale,
      userId,
      call.locale,
      at,
    ]);
  }
}
