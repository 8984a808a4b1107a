import { Controller } from '@nestjs/common';
import {
  AppError,
  CloseConsoleAccount,
  ConsoleAccountChanged,
  CreateConsoleAccount,
  GetConsoleAccount,
  ListConsoleAccounts,
  RenewConsolePassword,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime, sqlTime } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  requireUser,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { standsAbove } from '../access/role.rules.js';
import type { UserRow } from '../identity/profile.rules.js';
import { lockUser } from '../identity/user.store.js';
import { ConsoleSecretIssuer } from './console-secret.issuer.js';
import { endConsoleSessions, findAccount, lockAccount, writeToken, type ConsoleAccount } from './console.store.js';

const tokenMs = 24 * 3_600_000;

type PasswordToken = OutputOf<typeof CreateConsoleAccount>;

/** Who may sign in to the admin console with a name and a password (U-13). */
@Controller()
export class ConsoleAccountService {
  constructor(private readonly secrets: ConsoleSecretIssuer) {}

  @HandleCommand(CreateConsoleAccount)
  async create(input: HandledInputOf<typeof CreateConsoleAccount>, context: CommandContext): Promise<PasswordToken> {
    requirePermission(context.call, 'console_account.manage');
    requireStepUp(context.call);
    const user = await lockOwner(context, input.user_id);
    const username = input.username.toLowerCase();
    if (await findAccount(context.tx, user.id)) throw new AppError('console.account_exists');
    const taken = `SELECT user_id FROM console_accounts WHERE username = ?${context.tx.lock}`;
    if (await context.tx.one(taken, [username])) throw new AppError('console.username_taken');
    await context.tx.insert('console_accounts', { user_id: user.id, username, created_at: sqlTime(context.now) });
    tellAccount(context, { user_id: user.id, username }, 'created');
    return this.giveToken(context, { user_id: user.id, username });
  }

  @HandleCommand(RenewConsolePassword)
  async renew(input: HandledInputOf<typeof RenewConsolePassword>, context: CommandContext): Promise<PasswordToken> {
    requirePermission(context.call, 'console_account.manage');
    requireStepUp(context.call);
    const account = await lockAccountOf(context, input.user_id);
    await context.tx.execute(
      `UPDATE console_accounts SET password_hash = NULL, password_version = ?, totp_secret = NULL,
       totp_confirmed_at = NULL WHERE user_id = ?`,
      [account.password_version + 1, account.user_id],
    );
    await context.tx.execute('DELETE FROM console_recovery_codes WHERE user_id = ?', [account.user_id]);
    await endConsoleSessions(context, account.user_id);
    tellAccount(context, account, 'renewed');
    return this.giveToken(context, account);
  }

  @HandleCommand(CloseConsoleAccount)
  async close(
    input: HandledInputOf<typeof CloseConsoleAccount>,
    context: CommandContext,
  ): Promise<OutputOf<typeof CloseConsoleAccount>> {
    requirePermission(context.call, 'console_account.manage');
    requireStepUp(context.call);
    const account = await lockAccountOf(context, input.user_id);
    await context.tx.execute('DELETE FROM console_recovery_codes WHERE user_id = ?', [account.user_id]);
    await context.tx.execute('DELETE FROM console_accounts WHERE user_id = ?', [account.user_id]);
    await endConsoleSessions(context, account.user_id);
    tellAccount(context, account, 'closed');
    return { closed: true };
  }

  @HandleQuery(ListConsoleAccounts)
  async list(
    { page, page_size }: HandledInputOf<typeof ListConsoleAccounts>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListConsoleAccounts>> {
    requirePermission(call, 'console_account.manage');
    const total = await reader.count('console_accounts');
    const rows = await reader.query<ConsoleAccount>(
      `SELECT user_id, username, password_hash, totp_confirmed_at, created_at FROM console_accounts
       ORDER BY user_id LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    );
    const items = rows.map((account) => ({
      user_id: account.user_id,
      ...viewOf(account),
      created_at: isoTime(account.created_at),
    }));
    return { items, page, page_size, total };
  }

  @HandleQuery(GetConsoleAccount)
  async get(
    _input: HandledInputOf<typeof GetConsoleAccount>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetConsoleAccount>> {
    const account = await findAccount(reader, requireUser(call));
    if (!account) throw new AppError('console.account_unknown');
    return viewOf(account);
  }

  private async giveToken(
    { tx, now }: CommandContext,
    { user_id, username }: Pick<ConsoleAccount, 'user_id' | 'username'>,
  ): Promise<PasswordToken> {
    const { token, hash } = this.secrets.token();
    const expiresAt = new Date(now.getTime() + tokenMs);
    await writeToken(tx, user_id, hash, expiresAt);
    return { user_id, username, set_password_token: token, token_expires_at: expiresAt.toISOString() };
  }
}

/**
 * Whoever has the code for an account can sign in as its owner: it is for one's own, and for those one stands above by the roles of
 * the tables. @throws AppError user.not_found, role.above_own
 */
async function lockOwner({ tx, call }: CommandContext, userId: number): Promise<UserRow> {
  const actorId = call.actor.kind === 'user' ? call.actor.user_id : userId;
  const actor = await lockUser(tx, actorId);
  if (actorId === userId) return actor;
  const owner = await lockUser(tx, userId);
  if (!standsAbove(actor.role, owner.role)) throw new AppError('role.above_own');
  return owner;
}

/** @throws AppError console.account_unknown, role.above_own */
async function lockAccountOf(context: CommandContext, userId: number): Promise<ConsoleAccount> {
  if (!(await findAccount(context.tx, userId))) throw new AppError('console.account_unknown');
  await lockOwner(context, userId);
  return lockAccount(context.tx, userId);
}

function viewOf(account: ConsoleAccount): { username: string; has_password: boolean; has_second_factor: boolean } {
  const { username, password_hash, totp_confirmed_at } = account;
  return { username, has_password: password_hash !== null, has_second_factor: totp_confirmed_at !== null };
}

/** The audit entry of what became of an account. */
export function tellAccount(
  context: CommandContext,
  { user_id, username }: Pick<ConsoleAccount, 'user_id' | 'username'>,
  what: 'created' | 'renewed' | 'closed' | 'password_set' | 'password_changed' | SecondFactorChange,
): void {
  context.emit(ConsoleAccountChanged, { user_id, username, what }, { user_id, after: { username, what } });
}

type SecondFactorChange = 'second_factor_started' | 'second_factor_on' | 'second_factor_off';
