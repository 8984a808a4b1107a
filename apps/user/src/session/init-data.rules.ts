import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TelegramIdentity {
  readonly telegramId: string;
  readonly firstName: string;
  readonly username: string | null;
  readonly languageCode: string | null;
}

export type InitDataVerdict =
  | { readonly ok: true; readonly identity: TelegramIdentity }
  | { readonly ok: false; readonly reason: 'invalid' | 'stale' };

const freshForMs = 3_600_000;
const clockSkewMs = 60_000;
const invalid: InitDataVerdict = { ok: false, reason: 'invalid' };

/**
 * Checks Mini App init data (U-14): HMAC over all fields but `hash`, keyed with HMAC("WebAppData", bot token), in constant
 * time; then its age. A field that appears twice makes it invalid, so that two readers cannot disagree on what was signed.
 */
export function judgeInitData(initData: string, botToken: string, now: Date): InitDataVerdict {
  const fields = new URLSearchParams(initData);
  const names = [...fields.keys()];
  if (new Set(names).size !== names.length) return invalid;
  const hash = fields.get('hash') ?? '';
  const checked = names
    .filter((name) => name !== 'hash')
    .sort()
    .map((name) => `${name}=${fields.get(name)}`)
    .join('\n');
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  const expected = createHmac('sha256', key).update(checked).digest();
  const given = /^[0-9a-f]{64}$/i.test(hash) ? Buffer.from(hash, 'hex') : Buffer.alloc(0);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return invalid;
  const ageMs = now.getTime() - Number(fields.get('auth_date')) * 1000;
  if (!Number.isFinite(ageMs) || ageMs < -clockSkewMs) return invalid;
  if (ageMs > freshForMs) return { ok: false, reason: 'stale' };
  const identity = identityOf(fields.get('user'));
  return identity ? { ok: true, identity } : invalid;
}

function identityOf(json: string | null): TelegramIdentity | null {
  let user: unknown;
  try {
    user = JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
  if (typeof user !== 'object' || user === null) return null;
  const { id, first_name, username, language_code } = user as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) return null;
  return {
    telegramId: String(id),
    firstName: typeof first_name === 'string' && first_name !== '' ? first_name.slice(0, 128) : String(id),
    username: typeof username === 'string' ? username.slice(0, 64) : null,
    languageCode: typeof language_code === 'string' ? language_code.slice(0, 35) : null,
  };
}
