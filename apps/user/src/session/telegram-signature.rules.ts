import { createHmac, timingSafeEqual } from 'node:crypto';

/** Who signed in, as Telegram says. */
export interface TelegramIdentity {
  readonly telegramId: string;
  readonly firstName: string;
  readonly username: string | null;
  readonly languageCode: string | null;
}

export type TelegramVerdict =
  | { readonly ok: true; readonly identity: TelegramIdentity }
  | { readonly ok: false; readonly reason: 'invalid' | 'stale' };

export const invalid: TelegramVerdict = { ok: false, reason: 'invalid' };

const freshForMs = 3_600_000;
const clockSkewMs = 60_000;

/** Whether `hash` is the key's HMAC over the fields, sorted by name and written as `name=value` lines; in constant time. */
export function isSigned(fields: readonly (readonly [string, string])[], hash: string, key: Buffer): boolean {
  const checked = [...fields]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
  const expected = createHmac('sha256', key).update(checked).digest();
  const given = /^[0-9a-f]{64}$/i.test(hash) ? Buffer.from(hash, 'hex') : Buffer.alloc(0);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Whether what was signed at `authDate` (seconds) is an hour old at most, and not from the future. */
export function freshnessOf(authDate: number, now: Date): 'fresh' | 'invalid' | 'stale' {
  const ageMs = now.getTime() - authDate * 1000;
  if (!Number.isFinite(ageMs) || ageMs < -clockSkewMs) return 'invalid';
  return ageMs > freshForMs ? 'stale' : 'fresh';
}
