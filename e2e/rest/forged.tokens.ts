import { createSigner } from 'fast-jwt';

export interface ForgedToken {
  what: string;
  authorization: string | undefined;
  code: number;
}

const unauthenticated = 20010;
const expired = 20011;

/** Authorization headers that must not let anybody in; `secret` is the platform's own, for tokens that are only nearly right. */
export function forgedTokens(secret: string, genuine: { accessToken: string; refreshToken: string }): ForgedToken[] {
  const claims = { sub: '1', role: 'super_admin' };
  const standard = { key: secret, algorithm: 'HS256', iss: 'coser', aud: 'coser-member', expiresIn: 600_000 } as const;
  const forge = (what: string, token: string, code = unauthenticated): ForgedToken => ({
    what,
    authorization: `Bearer ${token}`,
    code,
  });
  const [header = '', payload = '', signature = ''] = genuine.accessToken.split('.');
  const now = Math.floor(Date.now() / 1000);
  const { expiresIn: _expiresIn, ...endless } = standard;
  return [
    { what: 'no header', authorization: undefined, code: unauthenticated },
    { what: 'another scheme', authorization: `Basic ${genuine.accessToken}`, code: unauthenticated },
    { what: 'no token', authorization: 'Bearer ', code: unauthenticated },
    forge('no JWT', 'abc'),
    forge('a refresh token', genuine.refreshToken),
    forge('no algorithm', `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...claims, exp: now + 600 })}.`),
    forge('another key', createSigner({ ...standard, key: `${secret}x` })(claims)),
    forge('another algorithm', createSigner({ ...standard, algorithm: 'HS512' })(claims)),
    forge('another issuer', createSigner({ ...standard, iss: 'somebody' })(claims)),
    forge('another audience', createSigner({ ...standard, aud: 'coser-admin' })(claims)),
    forge('no end', createSigner(endless)(claims)),
    forge('no member', createSigner(standard)({ role: 'super_admin' })),
    forge('a member that is no number', createSigner(standard)({ sub: '1 or 1=1', role: 'admin' })),
    forge('an unknown role', createSigner(standard)({ sub: '1', role: 'owner' })),
    forge('another payload', `${header}.${encode({ ...decode(payload), role: 'super_admin' })}.${signature}`),
    forge('no signature', `${header}.${payload}.`),
    forge(
      'expired',
      createSigner({ ...standard, expiresIn: 1_000, clockTimestamp: Date.now() - 60_000 })(claims),
      expired,
    ),
  ];
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): object {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as object;
}
