const dayMs = 86_400_000;
const daysAtMost = 92;

/** A day (UTC) as it is stored. */
export function activityDay(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** The first day of a period of so many days that ends today. */
export function periodStart(now: Date, days: number): string {
  return activityDay(new Date(now.getTime() - (days - 1) * dayMs));
}

/** Every day from the first to the last, at most 92; null when that is none or more. */
export function daysBetween(from: string, to: string): string[] | null {
  const first = Date.parse(`${from}T00:00:00Z`);
  const count = Math.round((Date.parse(`${to}T00:00:00Z`) - first) / dayMs) + 1;
  if (!Number.isInteger(count) || count < 1 || count > daysAtMost) return null;
  return Array.from({ length: count }, (_, index) => activityDay(new Date(first + index * dayMs)));
}
