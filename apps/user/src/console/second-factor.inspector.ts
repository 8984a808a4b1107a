import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { ConsoleAccountChanged } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { ConsoleSecretIssuer } from './console-secret.issuer.js';
import type { ConsoleAccount } from './console.store.js';

const periodSeconds = 30;
/** One step before and after: clocks differ. */
const window = 1;
const issuer = 'Coser';

/** Codes of an authenticator app (RFC 6238), each taken once, and recovery codes (U-13). */
@Injectable()
export class SecondFactorInspector {
  constructor(private readonly secrets: ConsoleSecretIssuer) {}

  /** A secret for an account, as apps take it, and as it is kept. */
  newSecret(account: ConsoleAccount): { secret: string; uri: string; sealed: string } {
    const secret = new Secret({ size: 20 });
    const totp = totpOf(secret, account.username);
    const sealed = this.secrets.cipher.encrypt(secret.base32, placeOf(account));
    return { secret: secret.base32, uri: totp.toString(), sealed };
  }

  /** Whether a six-digit code is right and newer than every code that was taken; then it is taken. */
  async takeCode({ tx, now }: CommandContext, account: ConsoleAccount, code: string): Promise<boolean> {
    if (account.totp_secret === null || !/^[0-9]{6}$/.test(code)) return false;
    const base32 = this.secrets.cipher.decrypt(account.totp_secret, placeOf(account));
    const timestamp = now.getTime();
    const delta = totpOf(Secret.fromBase32(base32), account.username).validate({ token: code, window, timestamp });
    if (delta === null) return false;
    const step = Math.floor(timestamp / 1000 / periodSeconds) + delta;
    const { affected } = await tx.execute(
      'UPDATE console_accounts SET totp_last_step = ? WHERE user_id = ? AND totp_last_step < ?',
      [step, account.user_id, step],
    );
    return affected === 1;
  }

  /** A code of the app, or one of the recovery codes, which is used up then. */
  async takeAny(context: CommandContext, account: ConsoleAccount, code: string): Promise<boolean> {
    if (await this.takeCode(context, account, code)) return true;
    const { affected } = await context.tx.execute(
      'UPDATE console_recovery_codes SET used_at = ? WHERE user_id = ? AND code_hash = ? AND used_at IS NULL',
      [sqlTime(context.now), account.user_id, this.hashOfRecovery(code)],
    );
    if (affected === 0) return false;
    const { user_id, username } = account;
    const what = 'recovery_code_used' as const;
    context.emit(ConsoleAccountChanged, { user_id, username, what }, { user_id, after: { what } });
    return true;
  }

  hashOfRecovery(code: string): string {
    return this.secrets.hashOf('recovery', code.toUpperCase().replace(/[^A-Z0-9]/g, ''));
  }
}

function totpOf(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: periodSeconds, secret });
}

function placeOf({ user_id }: ConsoleAccount): { table: string; column: string; row: number } {
  return { table: 'console_accounts', column: 'totp_secret', row: user_id };
}
