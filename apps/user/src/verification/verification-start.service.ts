import { randomInt, randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import {
  AppError,
  EmailVerificationStarted,
  GetEmailVerification,
  StartEmailVerification,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, isoTime, placeholders, sqlTime, type Reader, type SqlTime } from '#database';
import { HandleCommand, HandleQuery, requireUser, type CommandContext, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import { userStatuses } from '../identity/profile.rules.js';
import type { UserSettings } from '../user.env.js';
import {
  blockedBy,
  domainAndParents,
  domainLevelsAtMost,
  listedForms,
  type BlacklistEntry,
} from './blacklist.rules.js';
import { canonicalAddress, isAcceptableAddress, maskAddress } from './email-address.rules.js';
import {
  codeLifeMs,
  codesPerWindow,
  countedMs,
  secondsUntilForgotten,
  tryScopes,
} from './verification-limits.rules.js';
import { deriveCodeKey, hashCode } from './verification-secret.rules.js';
import { VerificationMetrics } from './verification.metrics.js';
import { addressIsTaken, findVerificationOf, lockMember } from './verification.store.js';
import { WrongTriesService } from './wrong-tries.service.js';

const patternsAtMost = 1_000;

/** Step one of reverse verification (U-07, U-08): a member names an address and gets the code to mail from it. */
@Controller()
export class VerificationStartService {
  private readonly codeKey: Buffer;
  private readonly disposable = disposableEmailBlocklistSet();

  constructor(
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
    const email = input.email.trim();
    if (!isAcceptableAddress(email)) throw new AppError('verification.address_invalid');
    const canonical = canonicalAddress(email);
    const member = await lockMember(context.tx, userId);
    if (member.status === userStatuses.banned) throw new AppError('user.banned');
    if (member.email !== null && member.email_canonical === canonical) {
      throw new AppError('verification.already_bound', { email: maskAddress(member.email) });
    }
    await this.refuseListed(context.tx, email);
    if (await addressIsTaken(context.tx, canonical, userId)) throw new AppError('verification.address_taken');
    await this.refuseTooMany(context, userId, canonical);
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

  private async refuseListed(reader: Reader, email: string): Promise<void> {
    const domains = domainAndParents(email);
    // Always the same number of values: one prepared statement for all addresses.
    const padded = Array.from({ length: domainLevelsAtMost }, (_, index) => domains[index] ?? '');
    const entries = await reader.query<BlacklistEntry>(
      `SELECT pattern, kind FROM email_blacklist WHERE (kind = 'address' AND pattern IN (?, ?))
       OR (kind = 'domain' AND pattern IN (${placeholders(domainLevelsAtMost)})) OR kind = 'pattern' LIMIT ${patternsAtMost}`,
      [...listedForms(email), ...padded],
    );
    if (blockedBy(email, { disposable: this.disposable, entries })) throw new AppError('verification.address_blocked');
  }

  private async refuseTooMany({ tx, now }: CommandContext, userId: number, canonical: string): Promise<void> {
    const locked = await this.wrongTries.lockedForSeconds(tx, tryScopes(userId, canonical), now);
    if (locked !== null) throw new AppError('verification.locked_out', { retry_after_seconds: locked });
    const oldest = await tx.one<{ created_at: SqlTime }>(
      `SELECT created_at FROM email_verifications WHERE user_id = ? AND created_at > ?
       ORDER BY created_at DESC LIMIT 1 OFFSET ${codesPerWindow - 1}`,
      [userId, sqlTime(new Date(now.getTime() - countedMs))],
    );
    if (!oldest) return;
    const seconds = secondsUntilForgotten(fromSqlTime(oldest.created_at), now);
    throw new AppError('verification.too_many_codes', { retry_after_seconds: seconds });
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
    const { affected } = await tx.execute(
      "UPDATE email_verifications SET status = 'replaced' WHERE user_id = ? AND status = 'pending'",
      [userId],
    );
    await tx.insert('email_verifications', {
      id,
      user_id: userId,
      email,
      email_canonical: canonical,
      code_hash: hashCode(this.codeKey, id, code),
      status: 'pending',
      wrong_tries: 0,
      created_at: sqlTime(now),
      expires_at: sqlTime(expiresAt),
    });
    const masked = maskAddress(email);
    context.emit(
      EmailVerificationStarted,
      { user_id: userId, verification_id: id, email: masked },
      {
        user_id: userId,
        before: { email: wish.boundEmail === null ? null : maskAddress(wish.boundEmail), waiting_codes: affected },
        after: { verification_id: id, verifying: masked, expires_at: expiresAt.toISOString() },
      },
    );
    this.metrics.count('started');
    return { id, code, mailbox: this.settings.VERIFY_MAILBOX, email, expires_at: expiresAt.toISOString() };
  }
}
