import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeConsolePassword,
  ConfirmSecondFactor,
  RemoveSecondFactor,
  SetConsolePassword,
  StartSecondFactor,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime } from '#database';
import { HandleCommand, Refusal, requireStepUp, requireUser, type CommandContext } from '#messaging';
import { sessionOf } from '../session/session-list.service.js';
import { tellAccount } from './console-account.service.js';
import { ConsoleSecretIssuer } from './console-secret.issuer.js';
import { endConsoleSessions, lockAccount, writePassword } from './console.store.js';
import { countTryOf, forgetTries } from './login-tries.store.js';
import { openProof, provesPasswordOf } from './password-proof.rules.js';
import { SecondFactorInspector } from './second-factor.inspector.js';

/** What proves in the console who one is (U-13): the password, and a second factor. */
@Controller()
export class ConsoleCredentialService {
  constructor(
    private readonly secrets: ConsoleSecretIssuer,
    private readonly secondFactor: SecondFactorInspector,
  ) {}

  @HandleCommand(SetConsolePassword)
  async setPassword(
    input: HandledInputOf<typeof SetConsolePassword>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SetConsolePassword>> {
    const { tx, now } = context;
    const hash = this.secrets.hashOf('token', input.token);
    const row = await tx.one<{ user_id: number; token_expires_at: SqlTime }>(
      `SELECT user_id, token_expires_at FROM console_accounts WHERE token_hash = ?${tx.lock}`,
      [hash],
    );
    if (!row || fromSqlTime(row.token_expires_at) <= now) throw new AppError('console.token_invalid');
    const account = await lockAccount(tx, row.user_id);
    await writePassword(tx, account, input.password_hash);
    await forgetTries(tx, this.secrets.hashOf('name', account.username));
    await endConsoleSessions(context, account.user_id);
    tellAccount(context, account, 'password_set');
    return { username: account.username };
  }

  @HandleCommand(ChangeConsolePassword)
  async changePassword(
    input: HandledInputOf<typeof ChangeConsolePassword>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeConsolePassword>> {
    const { tx, now, call } = context;
    const account = await lockAccount(tx, requireUser(call));
    const proof = openProof(input.proof, this.secrets.proofKey, now);
    if (!provesPasswordOf(account, proof)) throw new AppError('auth.console_login_failed');
    await writePassword(tx, account, input.password_hash);
    await forgetTries(tx, this.secrets.hashOf('name', account.username));
    await endConsoleSessions(context, account.user_id, sessionOf(call));
    tellAccount(context, account, 'password_changed');
    return { changed: true };
  }

  @HandleCommand(StartSecondFactor)
  async startSecondFactor(
    _input: HandledInputOf<typeof StartSecondFactor>,
    context: CommandContext,
  ): Promise<OutputOf<typeof StartSecondFactor>> {
    // Else whoever has caught a token could confirm what is dangerous with an authenticator of their own.
    requireStepUp(context.call);
    const account = await lockAccount(context.tx, requireUser(context.call));
    if (account.totp_confirmed_at !== null) throw new AppError('console.second_factor_on');
    const { secret, uri, sealed } = this.secondFactor.newSecret(account);
    await context.tx.execute('UPDATE console_accounts SET totp_secret = ?, totp_last_step = 0 WHERE user_id = ?', [
      sealed,
      account.user_id,
    ]);
    tellAccount(context, account, 'second_factor_started');
    return { secret, otpauth_uri: uri };
  }

  @HandleCommand(ConfirmSecondFactor)
  async confirmSecondFactor(
    input: HandledInputOf<typeof ConfirmSecondFactor>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ConfirmSecondFactor> | Refusal> {
    const { tx, now, call } = context;
    const account = await lockAccount(tx, requireUser(call));
    if (account.totp_confirmed_at !== null) throw new AppError('console.second_factor_on');
    const nameHash = this.secrets.hashOf('name', account.username);
    const refusal = await countTryOf(tx, nameHash, now);
    if (refusal) return refusal;
    if (!(await this.secondFactor.takeCode(context, account, input.code)))
      return new Refusal(new AppError('auth.code_invalid'));
    await forgetTries(tx, nameHash);
    const codes = this.secrets.recoveryCodes();
    await tx.execute('DELETE FROM console_recovery_codes WHERE user_id = ?', [account.user_id]);
    await tx.insert(
      'console_recovery_codes',
      codes.map((code) => ({ user_id: account.user_id, code_hash: this.secondFactor.hashOfRecovery(code) })),
    );
    await tx.execute('UPDATE console_accounts SET totp_confirmed_at = ? WHERE user_id = ?', [
      sqlTime(now),
      account.user_id,
    ]);
    tellAccount(context, account, 'second_factor_on');
    return { recovery_codes: codes };
  }

  @HandleCommand(RemoveSecondFactor)
  async removeSecondFactor(
    _input: HandledInputOf<typeof RemoveSecondFactor>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RemoveSecondFactor>> {
    requireStepUp(context.call);
    const account = await lockAccount(context.tx, requireUser(context.call));
    if (account.totp_confirmed_at === null) throw new AppError('console.second_factor_off');
    await context.tx.execute(
      'UPDATE console_accounts SET totp_secret = NULL, totp_confirmed_at = NULL WHERE user_id = ?',
      [account.user_id],
    );
    await context.tx.execute('DELETE FROM console_recovery_codes WHERE user_id = ?', [account.user_id]);
    tellAccount(context, account, 'second_factor_off');
    return { removed: true };
  }
}
