import { randomInt, randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import {
  AppError,
  ConfirmPhoneVerification,
  PhoneVerificationRefused,
  PhoneVerificationStarted,
  StartPhoneVerification,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, sqlTime } from '#database';
import { FieldCipher, sealCode } from '#encryption';
import { HandleCommand, Refusal, requireUser, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import { CodeQuotaService } from '../verification/code-quota.service.js';
import { typedCode } from '../verification/typed-code.rules.js';
import { codeLifeMs } from '../verification/verification-limits.rules.js';
import { deriveCodeKey, hashCode, holdsCode } from '../verification/verification-secret.rules.js';
import { WrongTriesService } from '../verification/wrong-tries.service.js';
import { maskNumber, typedNumber, type PhoneNumber } from './phone-number.format.js';
import { PhoneBindingService } from './phone-binding.service.js';
import { PhoneMetrics } from './phone.metrics.js';
import { phoneTriesPerWindow, phoneTryScopes } from './phone.rules.js';
import { lockPhoneMember, lockVerification, type PhoneVerificationRow } from './phone.store.js';

type Confirmed = OutputOf<typeof ConfirmPhoneVerification>;

/** U-10 by SMS, under the rules of U-08: a code goes to the number, the member types it back. */
@Controller()
export class PhoneVerificationService {
  private readonly codeKey: Buffer;
  private readonly cipher: FieldCipher;

  constructor(
    private readonly phones: PhoneBindingService,
    private readonly quota: CodeQuotaService,
    private readonly wrongTries: WrongTriesService,
    private readonly metrics: PhoneMetrics,
    @InjectSettings() settings: UserSettings,
  ) {
    this.codeKey = deriveCodeKey(settings.AUTH_SECRET);
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
  }

  @HandleCommand(StartPhoneVerification)
  async start(
    input: HandledInputOf<typeof StartPhoneVerification>,
    context: CommandContext,
  ): Promise<OutputOf<typeof StartPhoneVerification>> {
    const userId = requireUser(context.call);
    const { tx, now } = context;
    const number = typedNumber(input.phone, input.country);
    if (number === null) throw new AppError('phone.invalid');
    await lockPhoneMember(tx, userId);
    const bound = await this.phones.read(tx, userId);
    if (bound?.number === number) throw new AppError('phone.already_bound', { phone: maskNumber(number) });
    if (await this.phones.isTaken(tx, number, userId)) throw new AppError('phone.taken');
    const hash = this.phones.hashOf(number);
    await this.wrongTries.refuseLocked(tx, phoneTryScopes(userId, hash), now);
    await this.quota.takePhoneCode(context, { userId, hash });
    return this.issue(context, { userId, number, hash, waiting: bound && maskNumber(bound.number) });
  }

  /** Sees each wrong code counted, also when the same wrong one is typed again. */
  @HandleCommand(ConfirmPhoneVerification)
  async confirm(
    input: HandledInputOf<typeof ConfirmPhoneVerification>,
    context: CommandContext,
  ): Promise<Confirmed | Refusal> {
    const userId = requireUser(context.call);
    const { tx, now } = context;
    await lockPhoneMember(tx, userId);
    const row = await lockVerification(tx, input.id, userId);
    if (!row?.phone || !row.phone_hash || !row.code_hash) throw new AppError('verification.not_found');
    const scopes = phoneTryScopes(userId, row.phone_hash);
    await this.wrongTries.refuseLocked(tx, scopes, now);
    if (row.status !== 'pending' || fromSqlTime(row.expires_at) <= now) {
      this.metrics.countRefused(tx, 'late_code');
      throw new AppError('verification.code_over');
    }
    const number = this.cipher.decrypt(row.phone, placeOf(row.id));
    const code = typedCode(input.code);
    const stored = { id: row.id, code_hash: row.code_hash };
    if (code === null || !holdsCode(this.codeKey, stored, [code])) {
      return this.countWrong(context, userId, row, number, code !== null);
    }
    return this.bind(context, userId, row, number);
  }

  private async bind(
    context: CommandContext,
    userId: number,
    row: PhoneVerificationRow,
    number: PhoneNumber,
  ): Promise<Confirmed> {
    if (!(await this.phones.bind(context, userId, number, 'sms'))) {
      this.metrics.countRefused(context.tx, 'taken');
      throw new AppError('phone.taken');
    }
    await context.tx.execute("UPDATE phone_verifications SET status = 'bound' WHERE id = ?", [row.id]);
    this.metrics.count(context.tx, 'bound');
    return { phone: maskNumber(number), bound_at: context.now.toISOString() };
  }

  /** What cannot be a code is no guess, so it costs no try. */
  private async countWrong(
    context: CommandContext,
    userId: number,
    row: PhoneVerificationRow,
    number: PhoneNumber,
    isGuess: boolean,
  ): Promise<Refusal> {
    const { tx } = context;
    const [own, ...others] = phoneTryScopes(userId, row.phone_hash ?? '');
    const tried = row.wrong_tries + (isGuess ? 1 : 0);
    if (isGuess) await this.wrongTries.count(context, [own, ...others]);
    const left = await this.wrongTries.triesLeft(tx, own, context.now);
    const isOver = left === 0 || tried >= phoneTriesPerWindow.user;
    await tx.execute('UPDATE phone_verifications SET wrong_tries = ?, status = ? WHERE id = ?', [
      tried,
      isOver ? 'refused' : 'pending',
      row.id,
    ]);
    const phone = maskNumber(number);
    const reason = isOver ? 'locked_out' : 'code_wrong';
    context.emit(
      PhoneVerificationRefused,
      { user_id: userId, verification_id: row.id, phone, reason },
      {
        user_id: userId,
        before: { phone, wrong_tries: row.wrong_tries },
        after: { phone, wrong_tries: tried, refusal: reason },
      },
    );
    this.metrics.count(tx, isOver ? 'locked_out' : 'wrong_code');
    return new Refusal(new AppError('verification.code_wrong', { tries_left: isOver ? 0 : left }));
  }

  private async issue(
    context: CommandContext,
    wish: { userId: number; number: PhoneNumber; hash: string; waiting: string | null },
  ): Promise<OutputOf<typeof StartPhoneVerification>> {
    const { tx, now } = context;
    const { userId, number, hash } = wish;
    const id = randomUUID();
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const expiresAt = new Date(now.getTime() + codeLifeMs);
    const { affected } = await tx.execute(
      "UPDATE phone_verifications SET status = 'replaced' WHERE user_id = ? AND method = 'sms' AND status = 'pending'",
      [userId],
    );
    await tx.insert('phone_verifications', {
      id,
      user_id: userId,
      method: 'sms',
      phone: this.cipher.encrypt(number, placeOf(id)),
      phone_hash: hash,
      code_hash: hashCode(this.codeKey, id, code),
      status: 'pending',
      wrong_tries: 0,
      created_at: sqlTime(now),
      expires_at: sqlTime(expiresAt),
    });
    const phone = maskNumber(number);
    context.emit(
      PhoneVerificationStarted,
      {
        user_id: userId,
        verification_id: id,
        method: 'sms',
        phone,
        sealed_code: sealCode(this.cipher, id, { to: number, code }),
        expires_at: expiresAt.toISOString(),
      },
      {
        user_id: userId,
        before: { phone: wish.waiting, waiting_codes: affected },
        after: { verification_id: id, verifying_phone: phone, expires_at: expiresAt.toISOString() },
      },
    );
    this.metrics.count(tx, 'code_sent');
    return { id, phone, expires_at: expiresAt.toISOString() };
  }
}

function placeOf(verificationId: string): { table: string; column: string; row: string } {
  return { table: 'phone_verifications', column: 'phone', row: verificationId };
}
