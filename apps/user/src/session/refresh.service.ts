import { Controller } from '@nestjs/common';
import { AppError, RefreshSession, SessionRefreshed, SignOut, type HandledInputOf } from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime, type Tx } from '#database';
import { HandleCommand, Refusal, type CommandContext } from '#messaging';
import { lockUser } from '../identity/user.store.js';
import { maskIp } from './device.rules.js';
import { refuseBanned } from './session-opening.service.js';
import { endSession, isOpen, lockSession } from './session.store.js';
import { hashOf, TokenIssuer, type SignedOut, type Tokens } from './token.issuer.js';

/** An answer lost on the way is asked for again with the same token; for so long the parent is not taken for stolen. */
const repeatGraceMs = 10_000;

interface TokenRow {
  session_id: string;
  expires_at: SqlTime;
  used_at: SqlTime | null;
}

/** Rotating refresh tokens (U-14). */
@Controller()
export class RefreshService {
  constructor(private readonly tokens: TokenIssuer) {}

  /**
   * A token is used once: whoever asks again within ten seconds gets the very same successor, so that an answer may get lost and
   * fifty requests at once are one rotation. Later, or when the successor has been used, only a thief can be asking.
   */
  @HandleCommand(RefreshSession)
  async refresh(input: HandledInputOf<typeof RefreshSession>, context: CommandContext): Promise<Tokens | Refusal> {
    const { tx, now } = context;
    const hash = hashOf(input.refresh_token);
    const known = await readToken(tx, hash);
    const session = known && (await lockSession(tx, known.session_id));
    // Read again under the session's lock: two refreshes of one token arrive one after the other.
    const token = session && (await readToken(tx, hash));
    if (!isOpen(session, now) || !token || isPast(token.expires_at, now))
      throw new AppError('auth.refresh_token_invalid');
    const successor = this.tokens.successorOf(input.refresh_token);
    if (token.used_at !== null && !(await isRepeat(context, fromSqlTime(token.used_at), successor))) {
      await endSession(context, session, 'token_reuse');
      return new Refusal(new AppError('auth.refresh_token_reused'));
    }
    const user = await lockUser(tx, session.user_id);
    refuseBanned(user);
    const facts = { id: session.id, endsAt: fromSqlTime(session.expires_at) };
    if (token.used_at !== null) return this.tokens.repeat(context, user, { ...facts, refreshToken: successor });
    await tx.execute('UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ?', [sqlTime(now), hash]);
    await tx.execute('UPDATE sessions SET last_used_at = ?, ip = ? WHERE id = ?', [
      sqlTime(now),
      maskIp(context.call.ip) ?? session.ip,
      session.id,
    ]);
    context.emit(SessionRefreshed, { user_id: user.id, session_id: session.id }, { user_id: user.id });
    return this.tokens.issue(context, user, { ...facts, refreshToken: successor });
  }

  /** Says the same whether the token was known or not. */
  @HandleCommand(SignOut)
  async signOut(input: HandledInputOf<typeof SignOut>, context: CommandContext): Promise<SignedOut> {
    const token = await readToken(context.tx, hashOf(input.refresh_token));
    const session = token && (await lockSession(context.tx, token.session_id));
    if (session) await endSession(context, session, 'sign_out');
    return { signed_out: true };
  }
}

function isPast(time: SqlTime, now: Date): boolean {
  return fromSqlTime(time).getTime() <= now.getTime();
}

async function isRepeat({ tx, now }: CommandContext, usedAt: Date, successor: string): Promise<boolean> {
  if (now.getTime() - usedAt.getTime() > repeatGraceMs) return false;
  return (await readToken(tx, hashOf(successor)))?.used_at === null;
}

function readToken(tx: Tx, hash: string): Promise<TokenRow | undefined> {
  return tx.one<TokenRow>('SELECT session_id, expires_at, used_at FROM refresh_tokens WHERE token_hash = ?', [hash]);
}
