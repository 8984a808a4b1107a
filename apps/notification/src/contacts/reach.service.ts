import { Controller } from '@nestjs/common';
import { AppError, ReachChanged, RecordReach, type HandledInputOf, type OutputOf } from '#contracts';
import { fromSqlTime, fromSqlTimeOrNull, sqlTime, type SqlTime } from '#database';
import { HandleCommand, type CommandContext } from '#messaging';

/** Telegram's times have whole seconds: what it says of a second is true at its end. */
const secondMs = 999;

/** Who has blocked the bot and who came back, as Telegram tells it (N-09). */
@Controller()
export class ReachService {
  /** For the bot alone. Older news never overwrites newer. */
  @HandleCommand(RecordReach)
  async recordReach(
    { telegram_id, reachable, at }: HandledInputOf<typeof RecordReach>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RecordReach>> {
    if (context.call.actor.kind !== 'system') throw new AppError('auth.forbidden');
    const { tx } = context;
    const contact = await tx.one<{
      user_id: number;
      telegram_blocked_at: SqlTime | null;
      telegram_reach_at: SqlTime | null;
    }>(
      `SELECT user_id, telegram_blocked_at, telegram_reach_at FROM contacts WHERE telegram_id = ? ORDER BY user_id LIMIT 1${tx.lock}`,
      [telegram_id],
    );
    // Nobody has been told of this member yet: the first message will find out.
    if (!contact) return { changed: false };
    const time = new Date(Date.parse(at) + secondMs);
    const isOld = contact.telegram_reach_at !== null && fromSqlTime(contact.telegram_reach_at) > time;
    const blockedAt = fromSqlTimeOrNull(contact.telegram_blocked_at);
    if (isOld || (reachable && blockedAt !== null && blockedAt > time)) return { changed: false };
    await tx.execute('UPDATE contacts SET telegram_blocked_at = ?, telegram_reach_at = ? WHERE user_id = ?', [
      reachable ? null : sqlTime(time),
      sqlTime(time),
      contact.user_id,
    ]);
    const changed = reachable === (blockedAt !== null);
    if (changed) {
      context.emit(
        ReachChanged,
        { user_id: contact.user_id, reachable },
        { user_id: contact.user_id, before: { reachable: !reachable }, after: { reachable } },
      );
    }
    return { changed };
  }
}
