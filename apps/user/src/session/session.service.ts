import { Controller } from '@nestjs/common';
import {
  AppError,
  RefreshSession,
  SessionEnded,
  SessionRefreshed,
  SignInWithTelegram,
  SignOut,
  type HandledInputOf,
} from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime, type Tx } from '#database';
import { localeOfLanguageTag } from '#i18n';
import { HandleCommand, Refusal, type CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { lockUser } from '../identity/user.store.js';
import type { UserSettings } from '../user.env.js';
import { judgeInitData } from './init-data.rules.js';
import { refuseBanned, SessionOpeningService } from './session-opening.service.js';
import { hashOf, TokenIssuer, type SignedOut, type Tokens } from './token.issuer.js';

/** A reply lost on the way is asked for again with the same token; for so long the parent is not taken for stolen. */
const repeatGraceMs = 10_000;

interface TokenRow {
  session_id: string;
  expires_at: SqlTime;
  used_at: SqlTime | null;
}

interface SessionRow {
  id: string;
  user_id: number;
  expires_at: SqlTime;
  ended_at: SqlTime | null;
}

/** Member sessions over REST (U-14). */
@Controller()
export class SessionService {
  constructor(
    private readonly opening: SessionOpeningService,
    private readonly tokens: TokenIssuer,
    @InjectSettings() private readonly settings: UserSettings,
  ) {}

  @HandleCommand(SignInWithTelegram)
  async signIn(input: HandledInputOf<typeof SignInWithTelegram>, context: CommandContext): Promise<Tokens> {
    const botToken = this.settings.TELEGRAM_BOT_TOKEN;
    if (!botToken) throw new AppError('auth.init_data_invalid');
    const verdict = judgeInitData(input.init_data, botToken, context.now);
    if (!verdict.ok) throw new AppError(verdict.reason === 'stale' ? 'auth.init_data_stale' : 'auth.init_data_invalid');
    const { telegramId, firstName, username, languageCode } = verdict.identity;
    const locale = localeOfLanguageTag(languageCode);
    return this.opening.open(
      context,
      { telegramId, kind: 'person', firstName, username, locale, role: 'member' },
      'mini_app',
    );
  }

  @HandleCommand(RefreshSession)
  async refresh(input: HandledInputOf<typeof RefreshSession>, context: CommandContext): Promise<Tokens | Refusal> {
    const { tx, now } = context;
    const hash = hashOf(input.refresh_token);
    const known = await readToken(tx, hash);
    const session = known && (await lockSession(tx, known.session_id));
    // Read again under the session's lock: two refreshes of one token arrive one after the other.
    const token = session && (await readToken(tx, hash));
    if (
      !session ||
      !token ||
      session.ended_at !== null ||
      isPast(token.expires_at, now) ||
      isPast(session.expires_at, now)
    ) {
      throw new AppError('auth.refresh_token_invalid');
    }
    if (token.used_at !== null && now.getTime() - fromSqlTime(token.used_at).getTime() > repeatGraceMs) {
      await endSession(context, session, 'token_reuse');
      return new Refusal(new AppError('auth.refresh_token_reused'));
    }
    const user = await lockUser(tx, session.user_id);
    refuseBanned(user);
    if (token.used_at === null)
      await tx.execute('UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ?', [sqlTime(now), hash]);
    context.emit(SessionRefreshed, { user_id: user.id, session_id: session.id }, { user_id: user.id });
    return this.tokens.issue(context, user, { id: session.id, endsAt: fromSqlTime(session.expires_at) });
  }

  /** Says the same whether the token was known or not. */
  @HandleCommand(SignOut)
  async signOut(input: HandledInputOf<typeof SignOut>, context: CommandContext): Promise<SignedOut> {
    const token = await readToken(context.tx, hashOf(input.refresh_token));
    const session = token && (await lockSession(context.tx, token.session_id));
    if (session && session.ended_at === null) await endSession(context, session, 'sign_out');
    return { signed_out: true };
  }
}

function isPast(time: SqlTime, now: Date): boolean {
  return fromSqlTime(time).getTime() <= now.getTime();
}

function readToken(tx: Tx, hash: string): Promise<TokenRow | undefined> {
  return tx.one<TokenRow>('SELECT session_id, expires_at, used_at FROM refresh_tokens WHERE token_hash = ?', [hash]);
}

function lockSession(tx: Tx, id: string): Promise<SessionRow | undefined> {
  return tx.one<SessionRow>(`SELECT id, user_id, expires_at, ended_at FROM sessions WHERE id = ?${tx.lock}`, [id]);
}

async function endSession(
  context: CommandContext,
  session: SessionRow,
  reason: 'sign_out' | 'token_reuse',
): Promise<void> {
  await context.tx.execute('UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id = ?', [
    sqlTime(context.now),
    reason,
    session.id,
  ]);
  const { user_id, id } = session;
  context.emit(
    SessionEnded,
    { user_id, session_id: id, reason },
    { user_id, before: { session_id: id }, after: { ended: reason } },
  );
}
