import { createHash } from 'node:crypto';
import type { HandledInputOf, SignInWithWidget } from '#contracts';
import { freshnessOf, invalid, isSigned, type TelegramVerdict } from './telegram-signature.rules.js';

export type WidgetData = Omit<HandledInputOf<typeof SignInWithWidget>, 'device'>;

/** Checks what the Login Widget hands over (U-14): HMAC over all fields but `hash`, keyed with SHA-256(bot token); then its age. */
export function judgeWidgetData({ hash, ...data }: WidgetData, botToken: string, now: Date): TelegramVerdict {
  const fields = Object.entries(data).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const key = createHash('sha256').update(botToken).digest();
  if (!isSigned(fields, hash, key)) return invalid;
  const freshness = freshnessOf(data.auth_date, now);
  if (freshness !== 'fresh') return { ok: false, reason: freshness };
  const { id, first_name, username } = data;
  return {
    ok: true,
    identity: {
      telegramId: String(id),
      firstName: first_name.slice(0, 128),
      username: username ?? null,
      languageCode: null,
    },
  };
}
