import { Controller } from '@nestjs/common';
import type { Counter } from 'prom-client';
import {
  AppError,
  BeginConsoleLogin,
  CheckConsolePassword,
  ConsoleLoginTried,
  HashConsolePassword,
  SignInToConsole,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { HandleCommand, HandleQuery, Refusal, type CommandContext, type QueryContext } from '#messaging';
import { Metrics } from '#service';
import { lockUser } from '../identity/user.store.js';
import { SessionOpeningService } from '../session/session-opening.service.js';
import type { Tokens } from '../session/token.issuer.js';
import { ConsoleSecretIssuer } from './console-secret.issuer.js';
import { findAccountNamed, lockAccount } from './console.store.js';
import { countTryOf, forgetOldTries, forgetTries, giveTryBack } from './login-tries.store.js';
import { openProof, sealProof } from './password-proof.rules.js';
import { judgePassword } from './password.rules.js';
import { PasswordWorker } from './password.worker.js';
import { SecondFactorInspector } from './second-factor.inspector.js';

const proofMs = 30_000;

type Outcome = 'counted' | 'locked_out' | 'wrong_password' | 'wrong_code' | 'signed_in';

/**
 * Signing in to the admin console (U-13), in three steps: the try is counted, the password looked at outside of any transaction,
 * and the session opened. A name that does not exist goes the same way and takes as long.
 */
@Controller()
export class ConsoleLoginService {
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    private readonly passwords: PasswordWorker,
    private readonly secrets: ConsoleSecretIssuer,
    private readonly secondFactor: SecondFactorInspector,
    private readonly sessions: SessionOpeningService,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter('coser_console_logins_total', 'Tries to sign in to the admin console', ['outcome']);
  }

  @HandleCommand(BeginConsoleLogin)
  async begin(
    input: HandledInputOf<typeof BeginConsoleLogin>,
    context: CommandContext,
  ): Promise<OutputOf<typeof BeginConsoleLogin> | Refusal> {
    const { tx, now } = context;
    await forgetOldTries(tx, now);
    const account = await findAccountNamed(tx, input.username);
    const refusal = await countTryOf(tx, this.nameHash(input.username), now);
    this.tell(context, account?.user_id ?? null, refusal ? 'locked_out' : 'counted');
    return refusal ?? { counted: true };
  }

  @HandleQuery(CheckConsolePassword)
  async check(
    input: HandledInputOf<typeof CheckConsolePassword>,
    { reader, now }: QueryContext,
  ): Promise<OutputOf<typeof CheckConsolePassword>> {
    const account = await findAccountNamed(reader, input.username);
    const isPossible = judgePassword(input.password) !== 'too_long';
    const isRight = await this.passwords.check(isPossible ? input.password : '', account?.password_hash ?? null);
    const proof = {
      username: input.username.toLowerCase(),
      userId: account?.user_id ?? null,
      isRight,
      passwordVersion: account?.password_version ?? 0,
      expiresAtMs: now.getTime() + proofMs,
    };
    return { proof: sealProof(proof, this.secrets.proofKey) };
  }

  @HandleQuery(HashConsolePassword)
  async hash(input: HandledInputOf<typeof HashConsolePassword>): Promise<OutputOf<typeof HashConsolePassword>> {
    const problem = judgePassword(input.password);
    if (problem) throw new AppError('auth.password_unsuitable', { problem });
    return { password_hash: await this.passwords.hash(input.password) };
  }

  @HandleCommand(SignInToConsole)
  async signIn(input: HandledInputOf<typeof SignInToConsole>, context: CommandContext): Promise<Tokens | Refusal> {
    const { tx, now } = context;
    const proof = openProof(input.proof, this.secrets.proofKey, now);
    if (!proof?.isRight || proof.userId === null) {
      this.tell(context, proof?.userId ?? null, 'wrong_password');
      return new Refusal(new AppError('auth.console_login_failed'));
    }
    const user = await lockUser(tx, proof.userId);
    const account = await lockAccount(tx, user.id);
    if (account.password_version !== proof.passwordVersion) throw new AppError('auth.console_login_failed');
    const nameHash = this.nameHash(account.username);
    if (account.totp_confirmed_at !== null) {
      if (input.code === undefined) {
        await giveTryBack(tx, nameHash);
        return new Refusal(new AppError('auth.code_required'));
      }
      if (!(await this.secondFactor.takeAny(context, account, input.code))) {
        this.tell(context, user.id, 'wrong_code');
        return new Refusal(new AppError('auth.code_invalid'));
      }
    }
    await forgetTries(tx, nameHash);
    tx.afterCommit(() => this.outcomes.inc({ outcome: 'signed_in' }));
    return this.sessions.openFor(context, user, { method: 'console', device: input.device });
  }

  private nameHash(username: string): string {
    return this.secrets.hashOf('name', username.toLowerCase());
  }

  private tell(context: CommandContext, userId: number | null, outcome: Exclude<Outcome, 'signed_in'>): void {
    context.tx.afterCommit(() => this.outcomes.inc({ outcome }));
    context.emit(
      ConsoleLoginTried,
      { user_id: userId, outcome },
      { ...(userId !== null && { user_id: userId }), after: { outcome } },
    );
  }
}
