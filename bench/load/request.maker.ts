import { createSigner } from 'fast-jwt';
import type { LoadPlan, RequestKind } from './load.plan.js';

const tokenSeconds = 3_600;

/** Writes requests as HTTP text: whose they are, and with that member's access token. */
export class RequestMaker {
  private readonly sign: (claims: { sub: string; role: string; sid: string }) => string;
  private readonly tokens = new Map<number, string>();
  private readonly shares: Float64Array;
  private random: number;
  private fresh: number;

  constructor(
    private readonly plan: LoadPlan,
    secret: string,
  ) {
    this.sign = createSigner({
      key: secret,
      algorithm: 'HS256',
      expiresIn: tokenSeconds * 1000,
      iss: 'coser',
      aud: 'coser-member',
    });
    this.shares = zipfShares(plan.readers);
    this.random = plan.seed >>> 0;
    this.fresh = plan.firstFreshUser;
  }

  /** Signs the tokens that the run will need, so that signing costs it nothing. */
  prepare(freshUsers: number): void {
    for (let user = 1; user <= this.plan.readers; user += 1) this.tokenOf(user);
    for (let index = 0; index < freshUsers; index += 1) this.tokenOf(this.plan.firstFreshUser + index);
  }

  /** Null when there are no more members who have not checked in. */
  make(sequence: number): { kind: RequestKind; text: string } | null {
    const kind = this.plan.pattern[sequence % this.plan.pattern.length] ?? 'balance';
    const text = this.textOf(kind, sequence);
    return text === null ? null : { kind, text };
  }

  get usedFreshUsers(): number {
    return this.fresh - this.plan.firstFreshUser;
  }

  private textOf(kind: RequestKind, sequence: number): string | null {
    switch (kind) {
      case 'balance':
        return this.get('/v1/points/balance', this.reader());
      case 'today':
        return this.get('/v1/check-ins/today', this.reader());
      case 'records':
        return this.get('/v1/points/records?page=1&page_size=20', this.reader());
      case 'raw':
        return `GET /balance/${this.reader()} HTTP/1.1\r\nHost: bench\r\n\r\n`;
      case 'check_in':
        return this.checkIn(sequence);
    }
  }

  private get(path: string, user: number): string {
    return `GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${this.tokenOf(user)}\r\n\r\n`;
  }

  private checkIn(sequence: number): string | null {
    if (this.usedFreshUsers >= this.plan.freshUsers) return null;
    const user = this.fresh++;
    return (
      `POST /v1/check-ins HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${this.tokenOf(user)}\r\n` +
      `Idempotency-Key: bench-${this.plan.seed}-${sequence}\r\nContent-Length: 0\r\n\r\n`
    );
  }

  private tokenOf(user: number): string {
    const known = this.tokens.get(user);
    if (known) return known;
    const token = this.sign({ sub: String(user), role: 'member', sid: `bench-${user}` });
    this.tokens.set(user, token);
    return token;
  }

  private reader(): number {
    this.random = (this.random * 1_664_525 + 1_013_904_223) >>> 0;
    const wanted = this.random / 2 ** 32;
    let low = 0;
    let high = this.shares.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.shares[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

/** Cumulated shares of 1, 1/2, 1/3, ...: some members ask often, most seldom. */
function zipfShares(count: number): Float64Array {
  const shares = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index += 1) shares[index] = sum += 1 / (index + 1);
  for (let index = 0; index < count; index += 1) shares[index] = (shares[index] as number) / sum;
  return shares;
}
