import { Controller } from '@nestjs/common';
import { EmailBound, EmailUnbound, UserChanged, UserCreated, type Locale, type PayloadOf, type Role } from '#contracts';
import { sqlTime } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { ContactReachService } from './contact-reach.service.js';
import { ensureContact } from './contact.store.js';

/**
 * Keeps the contacts. The row is made by whichever event comes first; an older event never overwrites a newer one, and what comes after
 * an erasure brings nobody back (U-15).
 */
@Controller()
export class ContactService {
  constructor(private readonly reach: ContactReachService) {}

  @HandleEvent(UserCreated)
  async userCreated(user: PayloadOf<typeof UserCreated>, context: EventContext): Promise<void> {
    if (!(await ensureContact(context.tx, user.user_id))) return;
    // A user keeps its Telegram id for ever, so this needs no comparing of times.
    await context.tx.execute('UPDATE contacts SET telegram_id = ? WHERE user_id = ?', [user.telegram_id, user.user_id]);
    await recordProfile(context, user);
  }

  @HandleEvent(UserChanged)
  async userChanged(user: PayloadOf<typeof UserChanged>, context: EventContext): Promise<void> {
    if (!(await ensureContact(context.tx, user.user_id))) return;
    await recordProfile(context, user);
    await this.reach.noticeSignOfLife(context, user.user_id);
  }

  @HandleEvent(EmailBound)
  async emailBound(bound: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    await recordEmail(context, bound.user_id, bound.email);
  }

  @HandleEvent(EmailUnbound)
  async emailUnbound(unbound: PayloadOf<typeof EmailUnbound>, context: EventContext): Promise<void> {
    await recordEmail(context, unbound.user_id, null);
  }
}

function seenAt({ message }: EventContext): string {
  return sqlTime(new Date(message.occurred_at));
}

async function recordProfile(
  context: EventContext,
  user: { user_id: number; first_name: string; locale: Locale; role?: Role | undefined },
): Promise<void> {
  const at = seenAt(context);
  await context.tx.execute(
    `UPDATE contacts SET first_name = ?, locale = ?, role = COALESCE(?, role), profile_seen_at = ?
     WHERE user_id = ? AND (profile_seen_at IS NULL OR profile_seen_at <= ?)`,
    [user.first_name.slice(0, 128), user.locale, user.role ?? null, at, user.user_id, at],
  );
}

async function recordEmail(context: EventContext, userId: number, email: string | null): Promise<void> {
  const at = seenAt(context);
  if (!(await ensureContact(context.tx, userId))) return;
  await context.tx.execute(
    'UPDATE contacts SET email = ?, email_seen_at = ? WHERE user_id = ? AND (email_seen_at IS NULL OR email_seen_at <= ?)',
    [email, at, userId, at],
  );
}
