import { createHmac } from 'node:crypto';
import {
  freshnessOf,
  invalid,
  isSigned,
  type TelegramIdentity,
  type TelegramVerdict,
} from './telegram-signature.rules.js';

/**
 * Checks Mini App init data (U-14): HMAC over all fields but `hash`, keyed with HMAC("WebAppData", bot token), in constant
 * time; then its age. A field that appears twice makes it invalid, so that two readers cannot disagree on what was signed.
 */
export function judgeInitData(initData: string, botToken: string, now: Date): TelegramVerdict {
  const fields = new URLSearchParams(initData);
  const entries = [...fields].filter(([name]) => name !== 'hash');
  const names = [...fields.keys()];
  if (new Set(names).size !== names.length) return invalid;
  const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
  if (!isSigned(entries, fields.get('hash') ?? '', key)) return invalid;
  const freshness = freshnessOf(Number(fields.get('auth_date')), now);
  if (freshness !== 'fresh') return { ok: false, reason: freshness };
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
