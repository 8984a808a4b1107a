import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import {
  AppError,
  AskForPhoneContact,
  BindPhoneByContact,
  GetPhone,
  PhoneVerificationStarted,
  UnbindPhone,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, isoTime, sqlTime, type Tx } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { contactNumber, maskNumber } from './phone-number.format.js';
import { PhoneBindingService } from './phone-binding.service.js';
import { PhoneMetrics } from './phone.metrics.js';
import { contactPatienceMs, isOwnContact } from './phone.rules.js';
import { lockAskedContact, lockPhoneMember } from './phone.store.js';

/** U-10 by Telegram's own contact card; and the number as its owner sees it. */
@Controller()
export class PhoneContactService {
  constructor(
    private readonly phones: PhoneBindingService,
    private readonly metrics: PhoneMetrics,
  ) {}

  /** Asking again only lets the question wait longer. */
  @HandleCommand(AskForPhoneContact)
  async ask(
    _input: HandledInputOf<typeof AskForPhoneContact>,
    context: CommandContext,
  ): Promise<OutputOf<typeof AskForPhoneContact>> {
    const { tx, now, call } = context;
    const userId = requireBotUser(call);
    await lockPhoneMember(tx, userId);
    const expiresAt = new Date(now.getTime() + contactPatienceMs);
    const asked = await lockAskedContact(tx, userId);
    const id = asked?.id ?? randomUUID();
    const times = { created_at: sqlTime(now), expires_at: sqlTime(expiresAt) };
    if (asked) {
      await tx.execute('UPDATE phone_verifications SET created_at = ?, expires_at = ? WHERE id = ?', [
        times.created_at,
        times.expires_at,
        id,
      ]);
    } else {
      const fresh = { id, user_id: userId, method: 'contact', status: 'pending', wrong_tries: 0 };
      await tx.insert('phone_verifications', { ...fresh, ...times });
    }
    const expires_at = expiresAt.toISOString();
    context.emit(
      PhoneVerificationStarted,
      { user_id: userId, verification_id: id, method: 'contact', phone: null, sealed_code: null, expires_at },
      { user_id: userId, after: { verification_id: id, contact_asked: true, expires_at } },
    );
    this.metrics.count(tx, 'contact_asked');
    return { expires_at };
  }

  @HandleCommand(BindPhoneByContact)
  async bindByContact(
    input: HandledInputOf<typeof BindPhoneByContact>,
    context: CommandContext,
  ): Promise<OutputOf<typeof BindPhoneByContact>> {
    const { tx, now, call } = context;
    const userId = requireBotUser(call);
    const member = await lockPhoneMember(tx, userId);
    const { contact_user_id: contactUserId, chat_type: chatType, forwarded } = input;
    if (!isOwnContact({ contactUserId, chatType, forwarded }, member.telegram_id)) {
      throw this.refused(tx, 'phone.contact_not_own');
    }
    const asked = await lockAskedContact(tx, userId);
    if (!asked || fromSqlTime(asked.expires_at) <= now) throw this.refused(tx, 'phone.contact_not_asked');
    const number = contactNumber(input.phone);
    if (number === null) throw this.refused(tx, 'phone.invalid');
    const phone = maskNumber(number);
    const bound = await this.phones.read(tx, userId);
    if (bound?.number === number) throw new AppError('phone.already_bound', { phone });
    const isFree = !(await this.phones.isTaken(tx, number, userId));
    if (!isFree || !(await this.phones.bind(context, userId, number, 'contact'))) {
      this.metrics.countRefused(tx, 'taken');
      throw new AppError('phone.taken');
    }
    await tx.execute("UPDATE phone_verifications SET status = 'bound' WHERE id = ?", [asked.id]);
    this.metrics.count(tx, 'bound');
    return { phone, bound_at: now.toISOString() };
  }

  @HandleQuery(GetPhone)
  async getPhone(
    _input: HandledInputOf<typeof GetPhone>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetPhone>> {
    const userId = requireUser(call);
    const known = await this.phones.read(reader, userId);
    if (known) {
      const { method, bound_at } = known.row;
      return { phone: maskNumber(known.number), method, bound_at: isoTime(bound_at) };
    }
    if (!(await reader.one('SELECT id FROM users WHERE id = ?', [userId]))) throw new AppError('user.not_found');
    return { phone: null, method: null, bound_at: null };
  }

  @HandleCommand(UnbindPhone)
  async unbind(
    _input: HandledInputOf<typeof UnbindPhone>,
    context: CommandContext,
  ): Promise<OutputOf<typeof UnbindPhone>> {
    const userId = requireUser(context.call);
    await lockPhoneMember(context.tx, userId);
    const known = await this.phones.read(context.tx, userId);
    if (!known) throw new AppError('phone.not_bound');
    await this.phones.remove(context, known, 'member');
    this.metrics.count(context.tx, 'unbound');
    return { phone: maskNumber(known.number) };
  }

  private refused(tx: Tx, name: 'phone.contact_not_own' | 'phone.contact_not_asked' | 'phone.invalid'): AppError {
    this.metrics.countRefused(tx, 'contact_refused');
    return new AppError(name);
  }
}

/** Contacts come from Telegram alone: over REST anybody could claim any number. @throws AppError auth.forbidden */
function requireBotUser(call: Call): number {
  const userId = requireUser(call);
  if (call.channel !== 'bot') throw new AppError('auth.forbidden');
  return userId;
}
