import { randomInt, randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import {
  AppError,
  ConfirmEmailCode,
  EmailCodeIssued,
  EmailCodeRefused,
  SendEmailCode,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime } from '#database';
import { FieldCipher, sealCode } from '#encryption';
import { HandleCommand, Refusal, requireUser, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { userStatuses } from '../identity/profile.rules.js';
import type { UserSettings } from '../user.env.js';
import { AddressCheckService, type WantedAddress } from './address-check.service.js';
import { CodeQuotaService } from './code-quota.service.js';
import { maskAddress } from './email-address.rules.js';
import { EmailBindingService } from './email-binding.service.js';
import { isWaiting } from './mail-match.rules.js';
import { typedCode } from './typed-code.rules.js';
import { codeLifeMs, typedTryScopes, wrongTriesPerWindow } from './verification-limits.rules.js';
import { deriveCodeKey, deriveIdentityKey, hashCode, holdsCode, identityHash } from './verification-secret.rules.js';
import { VerificationMetrics } from './verification.metrics.js';
import {
  lockMailedCode,
  lockMember,
  replaceVerification,
  type MemberRow,
  type VerificationRow,
} from './verification.store.js';
import { WrongTriesService } from './wrong-tries.service.js';

type Confirmed = OutputOf<typeof ConfirmEmailCode>;

/** The fallback of reverse verification (U-09): we mail the code, the member types it. Rules, limits and uniqueness are U-08's. */
@Controller()
export class EmailCodeService {
  private readonly codeKey: Buffer;
  private readonly identityKey: Buffer;
  private readonly cipher: FieldCipher;

  constructor(
    private readonly addresses: AddressCheckService,
    private readonly quota: CodeQuotaService,
    private readonly wrongTries: WrongTriesService,
    private readonly binding: EmailBindingService,
    private readonly metrics: VerificationMetrics,
    @InjectSettings() settings: UserSettings,
  ) {
    this.codeKey = deriveCodeKey(settings.AUTH_SECRET);
    this.identityKey = deriveIdentityKey(settings.AUTH_SECRET);
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
  }

  @HandleCommand(SendEmailCode)
  async send(
    input: HandledInputOf<typeof SendEmailCode>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SendEmailCode>> {
    const userId = requireUser(context.call);
    const wanted = await this.addresses.want(context, userId, input.email);
    const { canonical } = wanted;
    await this.wrongTries.refuseLocked(context.tx, typedTryScopes(userId, canonical), context.now);
    await this.quota.takeEmailCode(context, userId);
    await this.quota.takeMailedCode(context, { canonical, hash: identityHash(this.identityKey, canonical) });
    return this.issue(context, wanted);
  }

  @HandleCommand(ConfirmEmailCode)
  async confirm(input: HandledInputOf<typeof ConfirmEmailCode>, context: CommandContext): Promise<Confirmed | Refusal> {
    const userId = requireUser(context.call);
    const { tx, now } = context;
    const member = await lockMember(tx, userId);
    if (member.status === userStatuses.banned) throw new AppError('user.banned');
    const row = await lockMailedCode(tx, input.id, userId);
    if (!row) throw new AppError('verification.not_found');
    await this.wrongTries.refuseLocked(tx, typedTryScopes(userId, row.email_canonical), now);
    if (!isWaiting({ status: row.status, expiresAt: fromSqlTime(row.expires_at) }, now)) {
      this.metrics.countRefused(tx, 'late_code');
      throw new AppError('verification.code_over');
    }
    const code = typedCode(input.code);
    if (code === null || !holdsCode(this.codeKey, row, [code])) {
      return this.countWrong(context, row, code !== null);
    }
    return this.bind(context, member, row);
  }

  private async bind(context: CommandContext, member: MemberRow, row: VerificationRow): Promise<Confirmed> {
    const proof = { evidence: JSON.stringify({ method: 'code' }), grade: 'normal' };
    const outcome = await this.binding.bind(context, member, row, proof);
    if (outcome !== 'bound') {
      this.metrics.countRefused(context.tx, outcome);
      throw new AppError(`verification.${outcome}`);
    }
    this.metrics.count(context.tx, outcome);
    return { email: maskAddress(row.email), bound_at: context.now.toISOString() };
  }

  /** What cannot be a code is no guess, so it costs no try. */
  private async countWrong(context: CommandContext, row: VerificationRow, isGuess: boolean): Promise<Refusal> {
    const { tx, now } = context;
    const [own, ...others] = typedTryScopes(row.user_id, row.email_canonical);
    const tried = row.wrong_tries + (isGuess ? 1 : 0);
    if (isGuess) await this.wrongTries.count(context, [own, ...others]);
    const left = await this.wrongTries.triesLeft(tx, own, now);
    const isOver = left === 0 || tried >= wrongTriesPerWindow.user;
    const refusal = isOver ? 'locked_out' : 'wrong_code';
    const status = isOver ? 'refused' : 'pending';
    await tx.execute('UPDATE email_verifications SET wrong_tries = ?, status = ?, refusal = ? WHERE id = ?', [
      tried,
      status,
      refusal,
      row.id,
    ]);
    const email = maskAddress(row.email);
    context.emit(
      EmailCodeRefused,
      { user_id: row.user_id, verification_id: row.id, email, reason: isOver ? 'locked_out' : 'code_wrong' },
      {
        user_id: row.user_id,
        before: { email, status: row.status, refusal: row.refusal, wrong_tries: row.wrong_tries },
        after: { email, status, refusal, wrong_tries: tried },
      },
    );
    this.metrics.count(tx, refusal);
    return new Refusal(new AppError('verification.code_wrong', { tries_left: isOver ? 0 : left }));
  }

  private async issue(
    context: CommandContext,
    { member, email, canonical }: WantedAddress,
  ): Promise<OutputOf<typeof SendEmailCode>> {
    const { tx, now } = context;
    const id = randomUUID();
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const expiresAt = new Date(now.getTime() + codeLifeMs);
    const codeHash = hashCode(this.codeKey, id, code);
    const issued = { id, userId: member.id, email, canonical, method: 'code', codeHash, expiresAt } as const;
    const replaced = await replaceVerification(tx, issued, now);
    const masked = maskAddress(email);
    context.emit(
      EmailCodeIssued,
      {
        user_id: member.id,
        verification_id: id,
        email: masked,
        sealed_code: sealCode(this.cipher, id, { to: email, code }),
        expires_at: expiresAt.toISOString(),
      },
      {
        user_id: member.id,
        before: { email: member.email === null ? null : maskAddress(member.email), waiting_codes: replaced },
        after: { verification_id: id, verifying: masked, expires_at: expiresAt.toISOString() },
      },
    );
    this.metrics.count(tx, 'started');
    return { id, email: masked, expires_at: expiresAt.toISOString() };
  }
}
