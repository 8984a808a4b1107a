const lengthAtMost = 64;

/** A name somebody gave themselves, fit for a sentence: one line, no invisible direction changes, not endless. */
export function presentableName(name: string): string {
  const oneLine = name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...oneLine];
  return characters.length > lengthAtMost ? `${characters.slice(0, lengthAtMost - 1).join('')}…` : oneLine;
}

/** A moment as a person reads it, with its time zone. */
export function momentText(time: Date, locale: string, timezone: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: timezone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(time);
}
