const nameLength = 64;

/** A name somebody gave themselves, fit for a sentence. */
export function presentableName(name: string): string {
  return oneLine(name, nameLength);
}

/** What somebody typed, on one line: no invisible direction changes, whole characters, not endless. */
export function oneLine(text: string, charactersAtMost: number): string {
  const cleaned = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...cleaned];
  return characters.length > charactersAtMost ? `${characters.slice(0, charactersAtMost - 1).join('')}…` : cleaned;
}

/** Day before month and 24 hours, as the bot writes them. */
const tags: Record<string, string> = { zh: 'zh-CN', en: 'en-GB', ru: 'ru-RU' };

/** A moment as a person reads it, and after it the time zone: in the middle, where some languages have it, nobody looks for it. */
export function momentText(time: Date, locale: string, timezone: string): string {
  const tag = tags[locale] ?? locale;
  const moment = new Intl.DateTimeFormat(tag, { timeZone: timezone, dateStyle: 'long', timeStyle: 'short' });
  const zone = new Intl.DateTimeFormat(tag, { timeZone: timezone, timeZoneName: 'short' })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${moment.format(time)} (${zone ?? timezone})`;
}
