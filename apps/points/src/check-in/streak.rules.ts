import { addDays, daysBetween } from '#calendar';

/** What a full step of a streak is worth (P-02, P-03): counted within one run of days without a gap. */
export const streakSteps = {
  weeks: { everyDays: 7, points: 20, cards: 1 },
  months: { everyDays: 30, points: 100, cards: 0 },
} as const;

/** Says whether a day was declared free: missing it breaks no streak, and it counts for none. */
export type IsProtected = (day: string) => boolean;
export const nothingProtected: IsProtected = () => false;

/** Steps of a run that have been rewarded. */
export interface Steps {
  readonly weeks: number;
  readonly months: number;
}

export const noSteps: Steps = { weeks: 0, months: 0 };

/** One day that counts: a check-in, or one made up. */
export interface DayMark {
  readonly day: string;
  /** Dates just before it that did not exist for the member, because the time zone changed on the way. */
  readonly skippedDays: number;
}

/** A mark with its place in its run, and what the run had been rewarded for up to it. */
export interface CountedMark extends DayMark, Steps {
  readonly streakDays: number;
}

/** A gap of more days is not looked through: it breaks the run. */
export const daysLookedAtAtMost = 400;

/** Whether a mark continues the run of the one before: no day between them was there to be missed. */
export function continues(before: string, mark: DayMark, isProtected: IsProtected): boolean {
  const missing = daysBetween(before, mark.day) - 1 - mark.skippedDays;
  if (missing <= 0) return true;
  if (missing > daysLookedAtAtMost) return false;
  return Array.from({ length: missing }, (_, index) => addDays(before, index + 1)).every(isProtected);
}

/** Steps that a run of so many days has earned and that were not rewarded yet. */
export function stepsDue(streakDays: number, rewarded: Steps): Steps {
  const due = (everyDays: number, paid: number): number => Math.max(0, Math.floor(streakDays / everyDays) - paid);
  return {
    weeks: due(streakSteps.weeks.everyDays, rewarded.weeks),
    months: due(streakSteps.months.everyDays, rewarded.months),
  };
}

export interface Recount {
  /** The marks anew, in their order. */
  readonly marks: readonly CountedMark[];
  /** What has become due in all, and on which day each run's share is written down. */
  readonly due: Steps;
}

/**
 * Counts marks anew after one was added between them, or a day was protected. The result is a function of the marks, what was
 * rewarded for them before, and the protected days; the first mark, `base`, is right already and stays.
 */
export function recount(base: CountedMark | null, marks: readonly CountedMark[], isProtected: IsProtected): Recount {
  const counted: CountedMark[] = [];
  const sum = { weeks: 0, months: 0 };
  let old = base;
  let before = base;
  for (const mark of marks) {
    // What was rewarded at this very mark: its sum minus that of the mark before, unless it began a run then.
    const isFirst = mark.streakDays <= 1 || old === null;
    const here = {
      weeks: mark.weeks - (isFirst ? 0 : (old?.weeks ?? 0)),
      months: mark.months - (isFirst ? 0 : (old?.months ?? 0)),
    };
    old = mark.streakDays === 0 ? old : mark;
    const isNext = before !== null && continues(before.day, mark, isProtected);
    const streakDays = isNext ? (before?.streakDays ?? 0) + 1 : 1;
    const rewarded = {
      weeks: (isNext ? (before?.weeks ?? 0) : 0) + Math.max(0, here.weeks),
      months: (isNext ? (before?.months ?? 0) : 0) + Math.max(0, here.months),
    };
    before = { ...mark, streakDays, ...rewarded };
    counted.push(before);
  }
  return { marks: rewardRuns(counted, sum), due: sum };
}

/** The last mark of each run takes what the run is due; a run that goes on takes it along. */
function rewardRuns(counted: CountedMark[], sum: { weeks: number; months: number }): CountedMark[] {
  return counted.map((mark, index) => {
    const next = counted[index + 1];
    if (next && next.streakDays > 1) return mark;
    const due = stepsDue(mark.streakDays, mark);
    sum.weeks += due.weeks;
    sum.months += due.months;
    return { ...mark, weeks: mark.weeks + due.weeks, months: mark.months + due.months };
  });
}
