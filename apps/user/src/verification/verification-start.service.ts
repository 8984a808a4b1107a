import { randomInt, randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import {
  AppError,
  EmailVerificationStarted,
  GetEmailVerification,
  StartEmailVerification,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, isoTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import { AddressCheckService } from './address-check.service.js';
import { CodeQuotaService } from './code-quota.service.js';
import { maskAddress } from './email-address.rules.js';
import { codeLifeMs, tryScopes } from './verification-limits.rules.js';
import { deriveCodeKey, hashCode } from './verification-secret.rules.js';
import { VerificationMetrics } from './verification.metrics.js';
import { findVerificationOf, replaceVerification } from './verification.store.js';
import { WrongTriesService } from './wrong-tries.service.js';

/** Step one of reverse verification (U-07, U-08): a member names an address and gets the code to mail from it. */
@Controller()
export class VerificationStartService {
  private readonly codeKey: Buffer;

  constructor(
    private readonly addresses: AddressCheckService,
    private readonly quota: CodeQuotaService,
    private readonly wrongTries: WrongTriesService,
    private readonly metrics: VerificationMetrics,
    @InjectSettings() private readonly settings: UserSettings,
  ) {
    this.codeKey = deriveCodeKey(settings.AUTH_SECRET);
  }

  @HandleCommand(StartEmailVerification)
  async start(
    input: HandledInputOf<typeof StartEmailVerification>,
    context: CommandContext,
  ): Promise<OutputOf<typeof StartEmailVerification>> {
    const userId = requireUser(context.call);
    const { member, email, canonical } = await this.addresses.want(context, userId, input.email);
    await this.wrongTries.refuseLocked(context.tx, tryScopes(userId, canonical), context.now);
    await this.quota.takeEmailCode(context, userId);
    return this.issue(context, { userId, email, canonical, boundEmail: member.email });
  }

  @HandleQuery(GetEmailVerification)
  async getVerification(
    input: HandledInputOf<typeof GetEmailVerification>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetEmailVerification>> {
    const row = await findVerificationOf(reader, input.id, requireUser(call));
    if (!row) throw new AppError('verification.not_found');
    const over = row.status === 'pending' && fromSqlTime(row.expires_at) <= now;
    return {
      id: row.id,
      status: over ? 'expired' : row.status,
      email: maskAddress(row.email),
      mailbox: this.settings.VERIFY_MAILBOX,
      refusal: row.refusal,
      expires_at: isoTime(row.expires_at),
    };
  }

  private async issue(
    context: CommandContext,
    wish: { userId: number; email: string; canonical: string; boundEmail: string | null },
  ): Promise<OutputOf<typeof StartEmailVerification>> {
    const { tx, now } = context;
    const { userId, email, canonical } = wish;
    const id = randomUUID();
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const expiresAt = new Date(now.getTime() + codeLifeMs);
    const codeHash = hashCode(this.codeKey, id, code);
    const issued = { id, userId, email, canonical, method: 'reverse', codeHash, expiresAt } as const;
    const replaced = await replaceVerification(tx, issued, now);
    const masked = maskAddress(email);
    context.emit(
      EmailVerificationStarted,
      { user_id: userId, verification_id: id, email: masked },
      {
        user_id: userId,
        before: { email: wish.boundEmail === null ? null : maskAddress(wish.boundEmail), waiting_codes: replaced },
        after: { verification_id: id, verifying: masked, expires_at: expiresAt.toISOString() },
      },
    );
    this.metrics.count(tx, 'started');
    return { id, code, mailbox: this.settings.VERIFY_MAILBOX, email, expires_at: expiresAt.toISOString() };
  }
}
