import { boardMetrics, boardPeriods, type BoardMetric, type BoardPeriod } from '#contracts';
import { addDays } from '#calendar';

/** What decides on which boards a member stands. */
export interface BoardMember {
  readonly province: string | null;
  readonly city: string | null;
  readonly groups: readonly string[];
}

export type Scores = Readonly<Record<BoardMetric, Readonly<Record<BoardPeriod, number>>>>;

/** The current period of each kind, as a name that never comes again, and the first day of it. */
export interface CurrentPeriods {
  readonly names: Readonly<Record<BoardPeriod, string>>;
  readonly firstDays: Readonly<Record<Exclude<BoardPeriod, 'all'>, string>>;
}

const daysPerWeek = 7;

/** Day, week (from Monday) and month of a community day (P-08). */
export function currentPeriods(day: string): CurrentPeriods {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + daysPerWeek - 1) % daysPerWeek;
  const monday = addDays(day, -weekday);
  const month = day.slice(0, 7);
  return {
    names: { day: `day-${day}`, week: `week-${monday}`, month: `month-${month}`, all: 'all' },
    firstDays: { day, week: monday, month: `${month}-01` },
  };
}

/** The earliest day that any current period needs. */
export function earliestDay({ firstDays }: CurrentPeriods): string {
  return firstDays.week < firstDays.month ? firstDays.week : firstDays.month;
}

/** The scopes a member stands in: everybody's, and those of the region and groups that are known. */
export function scopesOf({ province, city, groups }: BoardMember): string[] {
  return [
    'national',
    ...(province === null ? [] : [provinceScope(province)]),
    ...(province === null || city === null ? [] : [cityScope(province, city)]),
    ...groups.map(groupScope),
  ];
}

export function provinceScope(province: string): string {
  return `province:${province}`;
}

/** Two cities of one name in different provinces are two. Spelling is what the member chose; case and spaces do not matter. */
export function cityScope(province: string, city: string): string {
  return `city:${province}:${city.normalize('NFKC').trim().toLowerCase()}`;
}

export function groupScope(chatId: string): string {
  return `group:${chatId}`;
}

/** What a board is called in every generation, and for ever where it is written down. */
export function boardName(metric: BoardMetric, periodName: string, scope: string): string {
  return `${metric}:${periodName}:${scope}`;
}

/** The set of a board within one generation. */
export function setOf(generation: string, name: string): string {
  return `${generation}:${name}`;
}

/** A set that is there as long as its generation is: a board that nobody is on is no set at all. */
export function markOf(generation: string): string {
  return `${generation}:mark`;
}

/** Every set of the current periods in these scopes. */
export function setsOf(generation: string, periods: CurrentPeriods, scopes: readonly string[]): BoardOfSet[] {
  return scopes.flatMap((scope) =>
    boardMetrics.flatMap((metric) =>
      boardPeriods.map((period) => {
        const name = boardName(metric, periods.names[period], scope);
        return { metric, period, name, set: setOf(generation, name) };
      }),
    ),
  );
}

export interface BoardOfSet {
  readonly metric: BoardMetric;
  readonly period: BoardPeriod;
  readonly name: string;
  readonly set: string;
}

/** Per cent of the board's members with a lower score, to one decimal. */
export function percentileOf(below: number, members: number): number {
  return members <= 1 ? 100 : Math.round((below / (members - 1)) * 1_000) / 10;
}

const staffRoles: readonly string[] = ['operator', 'admin', 'super_admin'];

export function isStaff(role: string): boolean {
  return staffRoles.includes(role);
}

/** The national board is a feature of VIP members; staff see it too (P-08). */
export function maySeeNational(role: string): boolean {
  return role === 'vip' || isStaff(role);
}

const hourMs = 3_600_000;

/** The full hour of an instant: one record of each board belongs to it. */
export function fullHour(now: Date): Date {
  return new Date(Math.floor(now.getTime() / hourMs) * hourMs);
}
