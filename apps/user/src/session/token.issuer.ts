import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createSigner } from 'fast-jwt';
import type { z } from 'zod';
import type { OutputOf, SignOut, tokensSchema } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { profileOf, type UserRow } from '../identity/profile.rules.js';
import type { UserSettings } from '../user.env.js';

export type Tokens = z.infer<typeof tokensSchema>;
export type SignedOut = OutputOf<typeof SignOut>;

export const accessTokenSeconds = 15 * 60;
const refreshTokenDays = 30;
const sessionDays = 90;
const dayMs = 86_400_000;

interface Claims {
  readonly sub: string;
  readonly role: string;
  readonly sid: string;
  readonly iat: number;
  /** Until when (seconds) the member counts as freshly confirmed (U-13). */
  readonly sua?: number;
}

/** The session a pair of tokens belongs to; `endsAt` is its own end, which no refresh moves. */
export interface TokenSession {
  readonly id: string;
  readonly endsAt: Date;
  /** Default: a new one, drawn at random. */
  readonly refreshToken?: string;
}

/** Makes access tokens (JWT HS256, 15 minutes) and refresh tokens (256 bits nobody can guess, kept as a hash, used once). */
@Injectable()
export class TokenIssuer {
  private readonly sign: (payload: Claims) => string;
  private readonly successorKey: Buffer;

  constructor(@InjectSettings() settings: UserSettings) {
    this.sign = createSigner({
      key: settings.AUTH_SECRET,
      algorithm: 'HS256',
      expiresIn: accessTokenSeconds * 1000,
      iss: 'coser',
      aud: 'coser-member',
    });
    this.successorKey = Buffer.from(hkdfSync('sha256', settings.AUTH_SECRET, '', 'coser refresh token successor', 32));
  }

  /** The one token that follows a token: known to whoever holds the secret, and to nobody before it is given out. */
  successorOf(refreshToken: string): string {
    return createHmac('sha256', this.successorKey).update(refreshToken).digest('base64url');
  }

  /** Writes a refresh token for the session and returns the pair. */
  async issue({ tx, now }: CommandContext, user: UserRow, session: TokenSession): Promise<Tokens> {
    const refreshToken = session.refreshToken ?? randomBytes(32).toString('base64url');
    const tokens = this.pair(now, user, { ...session, refreshToken });
    await tx.insert('refresh_tokens', {
      token_hash: hashOf(refreshToken),
      session_id: session.id,
      issued_at: sqlTime(now),
      expires_at: sqlTime(new Date(tokens.refresh_expires_at)),
      used_at: null,
    });
    return tokens;
  }

  /** The pair again, for a refresh token that was written before. */
  repeat({ now }: CommandContext, user: UserRow, session: TokenSession & { readonly refreshToken: string }): Tokens {
    return this.pair(now, user, session);
  }

  /** An access token alone; `steppedUpUntil` is until when dangerous actions accept it. */
  accessToken(user: Pick<UserRow, 'id' | 'role'>, sessionId: string, now: Date, steppedUpUntil?: Date): string {
    return this.sign({
      sub: String(user.id),
      role: user.role,
      sid: sessionId,
      iat: Math.floor(now.getTime() / 1000),
      ...(steppedUpUntil && { sua: Math.floor(steppedUpUntil.getTime() / 1000) }),
    });
  }

  private pair(now: Date, user: UserRow, session: TokenSession & { readonly refreshToken: string }): Tokens {
    const expiresAt = new Date(Math.min(now.getTime() + refreshTokenDays * dayMs, session.endsAt.getTime()));
    return {
      access_token: this.accessToken(user, session.id, now),
      token_type: 'Bearer',
      expires_in: accessTokenSeconds,
      refresh_token: session.refreshToken,
      refresh_expires_at: expiresAt.toISOString(),
      user: profileOf(user, now),
    };
  }
}

export function sessionEnd(now: Date): Date {
  return new Date(now.getTime() + sessionDays * dayMs);
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
