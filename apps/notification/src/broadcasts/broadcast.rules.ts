import {
  locales,
  membershipStateSchema,
  type broadcastActions,
  type BroadcastStatus,
  type BroadcastTexts,
  type Locale,
  type Segment,
} from '#contracts';

export type BroadcastAction = (typeof broadcastActions)[number];

const minuteMs = 60_000;

/** What a broadcast becomes when an admin steers it; null where that is not possible. */
export function steer(
  status: BroadcastStatus,
  action: BroadcastAction,
  startsAt: Date | null,
  now: Date,
): BroadcastStatus | null {
  const isUnderWay = status === 'sending' || status === 'scheduled';
  switch (action) {
    case 'pause':
      return isUnderWay ? 'paused' : null;
    case 'resume':
      return status === 'paused' ? beginning(startsAt, now) : null;
    case 'cancel':
      return isUnderWay || status === 'paused' || status === 'draft' ? 'cancelled' : null;
  }
}

/** Whether it starts now or later. */
export function beginning(startsAt: Date | null, now: Date): 'sending' | 'scheduled' {
  return startsAt !== null && startsAt > now ? 'scheduled' : 'sending';
}

/** After this nobody gets it any more: counted from the start, which may be long past. */
export function expiryOfBroadcast(startsAt: Date | null, skipAfterMinutes: number, now: Date): Date {
  return new Date((startsAt ?? now).getTime() + skipAfterMinutes * minuteMs);
}

export type TextProblem = 'broadcast.no_text' | 'broadcast.fallback_without_text';

export function textProblem(texts: BroadcastTexts, fallback: Locale | null): TextProblem | null {
  if (locales.every((locale) => texts[locale] === undefined)) return 'broadcast.no_text';
  return fallback !== null && texts[fallback] === undefined ? 'broadcast.fallback_without_text' : null;
}

/** Whether a segment leaves nobody out: also one that names every language, or every state a membership can have. */
export function isForEverybody({ membership, locales: speak, active_within_days, group_id }: Segment): boolean {
  if (active_within_days !== undefined || group_id !== undefined) return false;
  const names = (chosen: readonly string[] | undefined, all: readonly string[]): boolean =>
    chosen === undefined || all.every((one) => chosen.includes(one));
  return names(membership, membershipStateSchema.options) && names(speak, locales);
}

const toleranceShare = 0.1;
const toleranceLeast = 5;

/** Members come and go while an admin reads the preview; more than that is another broadcast than the one confirmed. */
export function isAboutTheSame(expected: number, actual: number): boolean {
  return Math.abs(expected - actual) <= Math.max(toleranceLeast, Math.floor(expected * toleranceShare));
}

/** About how long sending takes at this pace. */
export function minutesFor(recipients: number, perSecond: number): number {
  return Math.ceil(recipients / perSecond / 60);
}

/** In which language somebody reads a text: their own, else the chosen one, else none. */
export function readingLanguage(
  own: Locale,
  texts: Partial<Record<Locale, string | undefined>>,
  fallback: Locale | null,
): Locale | null {
  if (texts[own] !== undefined) return own;
  return fallback !== null && texts[fallback] !== undefined ? fallback : null;
}
