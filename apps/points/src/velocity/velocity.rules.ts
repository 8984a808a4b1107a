import type { PointRecordType } from '#contracts';

export interface WatchedRecord {
  readonly id: number;
  readonly userId: number;
  readonly type: PointRecordType;
  readonly points: number;
  readonly at: Date;
}

export interface WatchRule {
  readonly id: number;
  readonly scope: 'member' | 'type' | 'platform';
  readonly direction: 'earned' | 'spent' | 'both';
  readonly recordType: PointRecordType | null;
  readonly windowMinutes: number;
  readonly pointsAtMost: number | null;
  readonly recordsAtMost: number | null;
}

export interface Tally {
  readonly points: number;
  readonly records: number;
}

/** One more slice than these is counted at most, so that a window is at most a twelfth longer than it says. */
const slicesPerWindow = 12;
const minuteMs = 60_000;

function sliceMs(windowMinutes: number): number {
  return Math.max(1, Math.ceil(windowMinutes / slicesPerWindow)) * minuteMs;
}

/** The slice of time a moment is counted in. */
export function sliceOf(at: Date, windowMinutes: number): Date {
  const length = sliceMs(windowMinutes);
  return new Date(Math.floor(at.getTime() / length) * length);
}

/** The first slice of the window that ends at `at`. */
export function firstSliceOf(at: Date, windowMinutes: number): Date {
  return sliceOf(new Date(at.getTime() - windowMinutes * minuteMs), windowMinutes);
}

/** Whom a record counts for by a rule; null when the rule does not watch it. */
export function subjectOf(rule: WatchRule, record: WatchedRecord): string | null {
  if (rule.recordType !== null && rule.recordType !== record.type) return null;
  if (rule.direction === 'earned' && record.points < 0) return null;
  if (rule.direction === 'spent' && record.points > 0) return null;
  switch (rule.scope) {
    case 'member':
      return `user:${record.userId}`;
    case 'type':
      return `type:${record.type}`;
    case 'platform':
      return 'platform';
  }
}

/** What a subject is, out of the text it is kept as. */
export function partsOfSubject(subject: string): { userId: number | null; recordType: string | null } {
  const [kind, value = ''] = subject.split(':');
  return { userId: kind === 'user' ? Number(value) : null, recordType: kind === 'type' ? value : null };
}

export function isBroken(rule: WatchRule, { points, records }: Tally): boolean {
  return (
    (rule.pointsAtMost !== null && points > rule.pointsAtMost) ||
    (rule.recordsAtMost !== null && records > rule.recordsAtMost)
  );
}

/** What was counted in one slice of time. */
export interface TimedTally extends Tally {
  readonly sliceAt: Date;
}

export interface CountedSlice extends TimedTally {
  readonly ruleId: number;
  readonly subject: string;
}

/** Adds records up by rule, subject and slice of time. */
export function countUp(rules: readonly WatchRule[], records: readonly WatchedRecord[]): CountedSlice[] {
  // Counted in place: a copy for each record was a twentieth of what the service does at its busiest.
  const slices = new Map<string, { -readonly [Key in keyof CountedSlice]: CountedSlice[Key] }>();
  for (const rule of rules) {
    for (const record of records) {
      const subject = subjectOf(rule, record);
      if (subject === null) continue;
      const sliceAt = sliceOf(record.at, rule.windowMinutes);
      const key = `${rule.id} ${subject} ${sliceAt.getTime()}`;
      const known = slices.get(key);
      if (known) {
        known.points += Math.abs(record.points);
        known.records += 1;
      } else {
        slices.set(key, { ruleId: rule.id, subject, sliceAt, points: Math.abs(record.points), records: 1 });
      }
    }
  }
  return [...slices.values()];
}

/** The sum of the slices that begin within the two moments, both included: one that has begun before `since` is left out whole. */
export function tallyOf(slices: readonly TimedTally[], since: Date, until: Date): Tally {
  const within = slices.filter(({ sliceAt }) => sliceAt >= since && sliceAt <= until);
  return {
    points: within.reduce((sum, { points }) => sum + points, 0),
    records: within.reduce((sum, { records }) => sum + records, 0),
  };
}

/** The last moment of each slice of time that a subject has records in, in order: there the windows end that are looked at. */
export function windowEnds(rule: WatchRule, subject: string, records: readonly WatchedRecord[]): Date[] {
  const ends = new Map<number, Date>();
  for (const record of records) {
    if (subjectOf(rule, record) !== subject) continue;
    const slice = sliceOf(record.at, rule.windowMinutes).getTime();
    const known = ends.get(slice);
    if (!known || known < record.at) ends.set(slice, record.at);
  }
  return [...ends.values()].sort((left, right) => left.getTime() - right.getTime());
}

/**
 * The most points and the most records of those windows that break the rule; null when none does. What lies before `since` does not
 * count.
 */
export function worstOf(
  rule: WatchRule,
  slices: readonly TimedTally[],
  ends: readonly Date[],
  since: Date | null,
): Tally | null {
  const broken = ends
    .map((end) => {
      const begin = firstSliceOf(end, rule.windowMinutes);
      return tallyOf(slices, since !== null && since > begin ? since : begin, end);
    })
    .filter((tally) => isBroken(rule, tally));
  if (broken.length === 0) return null;
  return {
    points: Math.max(...broken.map(({ points }) => points)),
    records: Math.max(...broken.map(({ records }) => records)),
  };
}

const gapAwaitedMs = 60_000;

/**
 * The records that can be counted now. Ids are given before their transactions commit: a missing one may still come, so what stands
 * behind a gap waits for it, for a minute; then it was rolled back.
 */
export function withoutOpenGap(records: readonly WatchedRecord[], after: number, now: Date): WatchedRecord[] {
  let expected = after + 1;
  const counted: WatchedRecord[] = [];
  for (const record of records) {
    const isYoung = now.getTime() - record.at.getTime() < gapAwaitedMs;
    if (record.id !== expected && isYoung) break;
    counted.push(record);
    expected = record.id + 1;
  }
  return counted;
}
