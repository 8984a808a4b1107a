import { createVerifier, TokenError } from 'fast-jwt';
import { AppError, roleSchema, type Role } from '#contracts';

interface Claims {
  readonly sub: string;
  readonly role: string;
  readonly iat: number;
  readonly sid?: string;
  /** Until when (seconds) the member counts as freshly confirmed. */
  readonly sua?: number;
}

/** What an access token says. */
export interface TokenFacts {
  readonly userId: number;
  readonly role: Role;
  readonly issuedAtMs: number;
  readonly sessionId: string | undefined;
  readonly steppedUpUntilMs: number;
}

const tokensKept = 10_000;

/** Reads access tokens: one algorithm, issuer and audience (U-14). */
export class AccessTokenInspector {
  private readonly verify: (token: string) => Claims;

  constructor(secret: string) {
    this.verify = createVerifier({
      key: secret,
      algorithms: ['HS256'],
      allowedIss: 'coser',
      allowedAud: 'coser-member',
      requiredClaims: ['sub', 'exp', 'role'],
      // A token once checked is not hashed again; the cache itself ends an entry with its token.
      cache: tokensKept,
    }) as (token: string) => Claims;
  }

  /** @throws AppError auth.unauthenticated, auth.token_expired */
  factsOf(header: string): TokenFacts {
    const [scheme, token] = header.split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new AppError('auth.unauthenticated');
    try {
      const { sub, role, iat, sid, sua } = this.verify(token);
      const userId = Number(sub);
      if (!Number.isSafeInteger(userId) || userId <= 0) throw new AppError('auth.unauthenticated');
      return {
        userId,
        role: roleSchema.parse(role),
        issuedAtMs: iat * 1000,
        sessionId: typeof sid === 'string' ? sid : undefined,
        steppedUpUntilMs: typeof sua === 'number' ? sua * 1000 : 0,
      };
    } catch (error) {
      if (error instanceof TokenError && error.code === TokenError.codes.expired)
        throw new AppError('auth.token_expired');
      throw new AppError('auth.unauthenticated');
    }
  }
}
