import { mergeFacts, type MemberFacts } from './sighting.rules.js';

/** Whoever has taken a row has so long to ask Telegram and tell; then the row is handed out again. */
export const takenForMs = 10 * 60_000;
/** Before every row that waits for its time. */
export const headOfLine = new Date(0);
const hourMs = 3_600_000;
/** As which the bot is told about everybody. */
export const askedAs: readonly string[] = ['administrator', 'creator'];

/**
 * Whether Telegram answers the bot here: it promises to for administrators only (U-12). Where nobody has looked yet what the bot is, it
 * may be one, and Telegram will say so if it is not.
 */
export function canAsk(botStatus: string | null): boolean {
  return botStatus === null || askedAs.includes(botStatus);
}

export function nextCheckAt(at: Date, recheckHours: number): Date {
  return new Date(at.getTime() + recheckHours * hourMs);
}

/** When a row that is new is asked about: what Telegram has just said by itself need not be asked again at once. */
export function firstCheckAt({ standingAt, standingTrust }: MemberFacts, now: Date, recheckHours: number): Date {
  if (standingAt === null || standingTrust === 0) return now;
  return nextCheckAt(new Date(Math.min(standingAt, now.getTime())), recheckHours);
}

/**
 * What is known after Telegram's answer. It stands like any other word of Telegram, by its time. Nobody was seen: a question is no
 * sign of life. And where it says what was known already, the roster goes on saying how that came to be known. `isOpen` when it
 * contradicts news that is not older, of the same second perhaps: only another question tells.
 */
export function factsAfterCheck(
  known: MemberFacts,
  answer: MemberFacts,
): { facts: MemberFacts; outcome: 'confirmed' | 'changed'; isOpen: boolean } {
  const merged = mergeFacts(known, answer);
  const isNewer = merged.standingAt === answer.standingAt && merged.standingOrder === answer.standingOrder;
  const isConfirmed = merged.standing === known.standing;
  const names =
    isNewer && answer.firstName !== ''
      ? { firstName: answer.firstName, username: answer.username }
      : { firstName: known.firstName, username: known.username };
  const facts = {
    ...merged,
    ...names,
    source: isConfirmed && known.standingTrust > 0 ? known.source : merged.source,
    firstSeenAt: known.firstSeenAt,
    lastSeenAt: known.lastSeenAt,
  };
  return { facts, outcome: isConfirmed ? 'confirmed' : 'changed', isOpen: merged.standing !== answer.standing };
}
