import { Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime, type SqlValue } from '#database';
import type { CommandContext } from '#messaging';
import { codesPerWindow, countedMs, secondsUntilForgotten } from './verification-limits.rules.js';

/**
 * Five codes an hour (U-08), for the member who asks and, where the platform sends the code itself, for whoever gets it: else
 * many accounts could fill one stranger's mailbox or telephone. Works with the member's row locked.
 */
@Injectable()
export class CodeQuotaService {
  /** @throws AppError verification.too_many_codes */
  async takeEmailCode(context: CommandContext, userId: number): Promise<void> {
    await this.refuseSixth(context, 'FROM email_verifications WHERE user_id = ?', [userId]);
  }

  /** For a code that is mailed by us; `hash` names the address. @throws AppError verification.too_many_codes */
  async takeMailedCode(context: CommandContext, target: { canonical: string; hash: string }): Promise<void> {
    await this.lockTarget(context, target.hash);
    const sent = "FROM email_verifications WHERE email_canonical = ? AND method = 'code'";
    await this.refuseSixth(context, sent, [target.canonical]);
  }

  /** `hash` names the number. @throws AppError verification.too_many_codes */
  async takePhoneCode(context: CommandContext, { userId, hash }: { userId: number; hash: string }): Promise<void> {
    await this.refuseSixth(context, "FROM phone_verifications WHERE user_id = ? AND method = 'sms'", [userId]);
    await this.lockTarget(context, hash);
    await this.refuseSixth(context, "FROM phone_verifications WHERE phone_hash = ? AND method = 'sms'", [hash]);
  }

  /** Members who name the same target come one after the other. */
  private async lockTarget({ tx, now }: CommandContext, hash: string): Promise<void> {
    const row = { hash, asked_at: sqlTime(now) };
    await tx.upsert('verification_targets', row, { conflict: ['hash'], update: ['asked_at'] });
  }

  private async refuseSixth({ tx, now }: CommandContext, from: string, values: readonly SqlValue[]): Promise<void> {
    const fifth = await tx.one<{ created_at: SqlTime }>(
      `SELECT created_at ${from} AND created_at > ? ORDER BY created_at DESC LIMIT 1 OFFSET ${codesPerWindow - 1}`,
      [...values, sqlTime(new Date(now.getTime() - countedMs))],
    );
    if (!fifth) return;
    const seconds = secondsUntilForgotten(fromSqlTime(fifth.created_at), now);
    throw new AppError('verification.too_many_codes', { retry_after_seconds: seconds });
  }
}
