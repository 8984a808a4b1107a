import { Injectable } from '@nestjs/common';
import type { Call } from '#contracts';
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
    if (!isFromBotOf(call, userId)) return;
    await tx.execute('UPDATE contacts SET telegram_blocked_at = NULL WHERE user_id = ? AND telegram_blocked_at < ?', [
      userId,
      sqlTime(new Date(message.occurred_at)),
    ]);
  }

  /**
   * Who did something in the bot is answered in the language of that moment: the event that tells of a new choice comes from
   * another service and may still be on its way. Not for that event itself: its call speaks the language of before.
   */
  async noticeLanguage({ tx, call, message }: EventContext, userId: number): Promise<void> {
    if (!isFromBotOf(call, userId)) return;
    await tx.execute('UPDATE contacts SET locale = ? WHERE user_id = ? AND locale <> ? AND profile_seen_at <= ?', [
      call.locale,
      userId,
      call.locale,
      sqlTime(new Date(message.occurred_at)),
    ]);
  }
}

function isFromBotOf({ channel, actor }: Call, userId: number): boolean {
  return channel === 'bot' && actor.kind === 'user' && actor.user_id === userId;
}
