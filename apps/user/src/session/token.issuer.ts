import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createSigner } from 'fast-jwt';
import type { OutputOf, SignOut } from '#contracts';
import type { z } from 'zod';
import type { tokensSchema } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { profileOf, type UserRow } from '../identity/profile.rules.js';
import type { UserSettings } from '../user.env.js';

export type Tokens = z.infer<typeof tokensSchema>;
export type SignedOut = OutputOf<typeof SignOut>;

const accessTokenSeconds = 15 * 60;
const refreshTokenDays = 30;
const sessionDays = 90;
const dayMs = 86_400_000;

/** Makes access tokens (JWT HS256, 15 minutes) and refresh tokens (256 random bits, kept as a hash, used once). */
@Injectable()
export class TokenIssuer {
  private readonly sign: (payload: { sub: string; role: string; sid: string; iat: number }) => string;

  constructor(@InjectSettings() settings: UserSettings) {
    this.sign = createSigner({
      key: settings.AUTH_SECRET,
      algorithm: 'HS256',
      expiresIn: accessTokenSeconds * 1000,
      iss: 'coser',
      aud: 'coser-member',
    });
  }

  /** Writes a refresh token for the session and returns the pair. `sessionEndsAt` is the session's own end, which no refresh moves. */
  async issue({ tx, now }: CommandContext, user: UserRow, session: { id: string; endsAt: Date }): Promise<Tokens> {
    const refreshToken = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Math.min(now.getTime() + refreshTokenDays * dayMs, session.endsAt.getTime()));
    await tx.insert('refresh_tokens', {
      token_hash: hashOf(refreshToken),
      session_id: session.id,
      issued_at: sqlTime(now),
      expires_at: sqlTime(expiresAt),
      used_at: null,
    });
    return {
      access_token: this.sign({
        sub: String(user.id),
        role: user.role,
        sid: session.id,
        iat: Math.floor(now.getTime() / 1000),
      }),
      token_type: 'Bearer',
      expires_in: accessTokenSeconds,
      refresh_token: refreshToken,
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
