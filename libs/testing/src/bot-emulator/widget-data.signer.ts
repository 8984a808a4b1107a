import { createHash, createHmac } from 'node:crypto';
import type { User } from './telegram.types.js';

/** What the Login Widget hands to the page it stands on. */
export interface LoginWidgetData {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
  photo_url?: string;
  /** Unix time in seconds. */
  auth_date: number;
  hash: string;
}

/** Signs as Telegram does: HMAC-SHA256 keyed with SHA-256(token), over the fields in the order of their names. */
export function signWidgetData(token: string, user: User, authDate: number): LoginWidgetData {
  const { id, first_name, last_name, username } = user;
  const fields = {
    id,
    first_name,
    ...(last_name === undefined ? {} : { last_name }),
    ...(username === undefined
      ? {}
      : { username, photo_url: `https://t.me/i/userpic/320/${encodeURIComponent(username)}.jpg` }),
    auth_date: authDate,
  };
  const checked = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n');
  const key = createHash('sha256').update(token).digest();
  return { ...fields, hash: createHmac('sha256', key).update(checked).digest('hex') };
}
