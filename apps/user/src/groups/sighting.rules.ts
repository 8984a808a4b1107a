import type { Sighting, SightingSource, Standing } from '#contracts';

/** What the roster knows about somebody in a group. Times are epoch milliseconds. */
export interface MemberFacts {
  readonly standing: Standing;
  readonly telegramStatus: Sighting['telegram_status'];
  readonly source: SightingSource;
  readonly standingTrust: number;
  /** Null while the standing is unknown. */
  readonly standingAt: number | null;
  readonly standingOrder: number;
  readonly firstName: string;
  readonly username: string | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** What Telegram says outweighs what a list says, whenever either was said. */
function trustOf(source: SightingSource): number {
  return source === 'import' ? 0 : 1;
}

export function factsOf(sighting: Sighting): MemberFacts {
  const at = Date.parse(sighting.at);
  const isKnown = sighting.standing !== 'unknown';
  return {
    standing: sighting.standing,
    telegramStatus: isKnown ? sighting.telegram_status : null,
    source: sighting.source,
    standingTrust: isKnown ? trustOf(sighting.source) : 0,
    standingAt: isKnown ? at : null,
    standingOrder: isKnown ? sighting.order : 0,
    firstName: sighting.first_name,
    username: sighting.username,
    firstSeenAt: at,
    lastSeenAt: at,
  };
}

/**
 * What is known after both: the same in whatever order they come, and however often. The standing is the one with more trust,
 * then the later one; the name is the one seen last.
 */
export function mergeFacts(left: MemberFacts, right: MemberFacts): MemberFacts {
  const stands = compareStanding(left, right) >= 0 ? left : right;
  const seen = compareSeen(left, right) >= 0 ? left : right;
  const other = seen === left ? right : left;
  // A list may hold ids without names.
  const named = seen.firstName === '' ? other : seen;
  // Not by the names: of two sightings of one moment the nameless one may carry the name of a third by now.
  const lastSource = compareLast(left, right) >= 0 ? left.source : right.source;
  return {
    standing: stands.standing,
    telegramStatus: stands.telegramStatus,
    source: stands.standingAt === null ? lastSource : stands.source,
    standingTrust: stands.standingTrust,
    standingAt: stands.standingAt,
    standingOrder: stands.standingOrder,
    firstName: named.firstName,
    username: named.username,
    firstSeenAt: Math.min(left.firstSeenAt, right.firstSeenAt),
    lastSeenAt: Math.max(left.lastSeenAt, right.lastSeenAt),
  };
}

function compareStanding(left: MemberFacts, right: MemberFacts): number {
  if (left.standingAt === null || right.standingAt === null) {
    return Number(left.standingAt !== null) - Number(right.standingAt !== null);
  }
  return (
    left.standingTrust - right.standingTrust ||
    left.standingAt - right.standingAt ||
    left.standingOrder - right.standingOrder ||
    compareTexts(
      [left.standing, left.telegramStatus, left.source],
      [right.standing, right.telegramStatus, right.source],
    )
  );
}

function compareLast(left: MemberFacts, right: MemberFacts): number {
  return left.lastSeenAt - right.lastSeenAt || compareTexts([left.source], [right.source]);
}

function compareSeen(left: MemberFacts, right: MemberFacts): number {
  return (
    left.lastSeenAt - right.lastSeenAt ||
    compareTexts([left.firstName, left.username, left.source], [right.firstName, right.username, right.source])
  );
}

/** Any order will do between news of one moment, so long as it is always the same. */
function compareTexts(left: readonly (string | null)[], right: readonly (string | null)[]): number {
  const [before, after] = [left.join('\n'), right.join('\n')];
  return before === after ? 0 : before < after ? -1 : 1;
}

/** Telegram's own accounts that stand for somebody else: anonymous admins, posts of a linked channel, channels that write. */
const standIns: readonly string[] = ['1087968824', '777000', '136817688'];

/** Whether an id can be a person's: no chat, no stand-in. */
export function isPersonId(telegramId: string): boolean {
  return /^[1-9][0-9]{0,15}$/.test(telegramId) && !standIns.includes(telegramId);
}
