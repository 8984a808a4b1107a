import { Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { Refusal, type CommandContext } from '#messaging';
import { ConsoleSecretIssuer } from './console-secret.issuer.js';
import { lockAccount } from './console.store.js';
import { countTryOf, forgetTries } from './login-tries.store.js';
import { openProof, provesPasswordOf } from './password-proof.rules.js';
import { SecondFactorInspector } from './second-factor.inspector.js';

interface Given {
  readonly code?: string | undefined;
  readonly password_proof?: string | undefined;
}

/** A fresh confirmation by what the console asks for at its door (U-13). */
@Injectable()
export class ConsoleStepUpService {
  constructor(
    private readonly secrets: ConsoleSecretIssuer,
    private readonly secondFactor: SecondFactorInspector,
  ) {}

  /** Where a second factor is on, the password alone is not enough. @throws AppError console.account_unknown */
  async check(context: CommandContext, userId: number, given: Given): Promise<'authenticator' | 'password' | Refusal> {
    const { tx, now } = context;
    const account = await lockAccount(tx, userId);
    const nameHash = this.secrets.hashOf('name', account.username);
    if (given.code !== undefined) {
      const refusal = await countTryOf(tx, nameHash, now);
      if (refusal) return refusal;
      const isRight =
        account.totp_confirmed_at !== null && (await this.secondFactor.takeAny(context, account, given.code));
      if (!isRight) return new Refusal(new AppError('auth.code_invalid'));
      await forgetTries(tx, nameHash);
      return 'authenticator';
    }
    const proof = openProof(given.password_proof ?? '', this.secrets.proofKey, now);
    if (!provesPasswordOf(account, proof)) return new Refusal(new AppError('auth.console_login_failed'));
    if (account.totp_confirmed_at !== null) return new Refusal(new AppError('auth.code_required'));
    await forgetTries(tx, nameHash);
    return 'password';
  }
}
