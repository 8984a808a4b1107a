import { createHmac, randomBytes } from 'node:crypto';
import type { User } from './telegram.types.js';

export interface InitDataOptions {
  /** Unix time in seconds; default now. */
  authDate?: number;
  /** What the Mini App was opened with. */
  startParam?: string;
}

/** Signs Mini App data as Telegram does: HMAC-SHA256 keyed with HMAC_SHA256("WebAppData", token); a query string. */
export function signInitData(token: string, user: User, authDate: number, startParam?: string): string {
  const { id, first_name, last_name, username, language_code } = user;
  const fields: Record<string, string> = {
    query_id: `AA${randomBytes(15).toString('base64url')}`,
    user: JSON.stringify({ id, first_name, last_name, username, language_code, allows_write_to_pm: true }),
    auth_date: String(authDate),
    ...(startParam === undefined ? {} : { start_param: startParam }),
  };
  const checked = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n');
  const key = createHmac('sha256', 'WebAppData').update(token).digest();
  const hash = createHmac('sha256', key).update(checked).digest('hex');
  return new URLSearchParams({ ...fields, hash }).toString();
}
