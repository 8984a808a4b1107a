import type { AuditEntry } from './audit.entry.js';

/** Written where something said who it was. */
const erasedMark = '[erased]';

/** Last words of keys whose values say who somebody is, where they live, or what they wrote. */
const tellingWords = new Set(
  (
    'name username nickname telegram email mail mailbox from phone mobile address recipient receiver birthday region ' +
    'province city district avatar bio device agent ip latitude longitude title text caption comment content'
  ).split(' '),
);
/** `telegram_id` and the like: the id of an account elsewhere. */
const tellingIds = new Set(['telegram_id', 'chat_id', 'device_id']);

/** Whether a key of an audit entry's state names its value as something about a person. */
export function tellsWho(key: string): boolean {
  const words = key.toLowerCase().split(/[^a-z]+/);
  return tellingIds.has(key.toLowerCase()) || tellingWords.has(words.at(-1) ?? '');
}

/** The same state without what says who it was; numbers, ids, times and words of state stay. */
function withoutPerson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPerson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      item !== null && tellsWho(key) ? erasedMark : withoutPerson(item),
    ]),
  );
}

/**
 * An entry after the erasure of a member (U-15): what was done when stays, and to which id; who that was does not. Where the member
 * only acted, the other one's state is not touched.
 */
export function pseudonymised(entry: AuditEntry, userId: number): AuditEntry {
  const isAbout = entry.user_id === userId;
  return {
    ...entry,
    ip: entry.actor === `user:${userId}` || isAbout ? null : entry.ip,
    ...(isAbout && {
      before: withoutPerson(entry.before),
      after: withoutPerson(entry.after),
      payload: withoutPerson(entry.payload),
    }),
  };
}
