import type { ExpectedMark } from './expected.types.js';

const dayMs = 86_400_000;
const cardsAtStart = 3;
const makeupsPerDayAtMost = 2;
/** What a full step of a run of days is worth, written down a second time. */
const steps = [
  { everyDays: 7, points: 20, cards: 1 },
  { everyDays: 30, points: 100, cards: 0 },
] as const;

interface Mark {
  readonly id: number | null;
  readonly day: string;
  readonly isMakeup: boolean;
  readonly totalDays: number;
  readonly points: number;
  /** Steps that were paid for at this mark, in the order of `steps`. */
  readonly paid: number[];
}

/** What one more day has led to. */
export interface AddedDay {
  readonly streakDays: number;
  readonly totalDays: number;
  /** One entry for each bonus. */
  readonly bonuses: readonly number[];
}

/** A member's days by the simplest rule there is: look at the whole run of days again each time. */
export class ExpectedCalendar {
  cards = cardsAtStart;
  private readonly days = new Map<string, Mark>();
  private readonly madeUpOn = new Map<string, number>();

  checkIn(id: number, day: string): AddedDay {
    return this.add(id, day);
  }

  /** The row's id is answered to nobody. */
  makeUp(day: string, today: string): AddedDay {
    this.cards -= 1;
    this.madeUpOn.set(today, (this.madeUpOn.get(today) ?? 0) + 1);
    return this.add(null, day);
  }

  /** The latest day since `firstDay` that was missed, when a card and the limit of the day allow to make it up. */
  missedDay(firstDay: string, today: string): string | null {
    if (this.cards < 1 || (this.madeUpOn.get(today) ?? 0) >= makeupsPerDayAtMost) return null;
    for (let day = dayBefore(today); day >= firstDay; day = dayBefore(day)) if (!this.days.has(day)) return day;
    return null;
  }

  /** In the order of the days. */
  marks(): ExpectedMark[] {
    return this.sorted().map(({ paid: _paid, ...mark }) => ({ ...mark, streakDays: this.runUntil(mark.day).length }));
  }

  private add(id: number | null, day: string): AddedDay {
    const isMakeup = id === null;
    const totalDays = this.days.size + 1;
    const paid = steps.map(() => 0);
    this.days.set(day, { id, day, isMakeup, totalDays, points: 0, paid });
    const run = this.runAround(day);
    const last = run.at(-1) as Mark;
    const bonuses = steps.flatMap(({ everyDays, points, cards }, step) => {
      const before = run.reduce((sum, mark) => sum + (mark.paid[step] ?? 0), 0);
      const due = Math.floor(run.length / everyDays) - before;
      if (due <= 0) return [];
      last.paid[step] = (last.paid[step] ?? 0) + due;
      this.cards += due * cards;
      return [due * points];
    });
    const points = isMakeup ? 0 : 10 + bonuses.reduce((sum, bonus) => sum + bonus, 0);
    this.days.set(day, { ...(this.days.get(day) as Mark), points });
    const latest = this.sorted().at(-1) as Mark;
    return { streakDays: this.runUntil(latest.day).length, totalDays, bonuses };
  }

  private runUntil(day: string): Mark[] {
    const mark = this.days.get(day);
    return mark ? [...this.runUntil(dayBefore(day)), mark] : [];
  }

  private runAround(day: string): Mark[] {
    let last = day;
    while (this.days.has(dayAfter(last))) last = dayAfter(last);
    return this.runUntil(last);
  }

  private sorted(): Mark[] {
    return [...this.days.values()].sort((left, right) => (left.day < right.day ? -1 : 1));
  }
}

function dayBefore(day: string): string {
  return shifted(day, -dayMs);
}

function dayAfter(day: string): string {
  return shifted(day, dayMs);
}

function shifted(day: string, byMs: number): string {
  return new Date(Date.parse(day) + byMs).toISOString().slice(0, 10);
}
