import { daysBetween } from '#calendar';

export const daysAtMost = 31;

/** What is wrong with a range of days, as a stable word; null when it can be answered. */
export function rangeProblem(fromDay: string, untilDay: string): string | null {
  if (fromDay > untilDay) return 'ends_before_it_begins';
  return daysBetween(fromDay, untilDay) + 1 > daysAtMost ? `more_than_${daysAtMost}_days` : null;
}

export interface Flow {
  issued: number;
  spent: number;
}

/** Adds a record to what was issued or spent. */
export function addFlow(flow: Flow, points: number): Flow {
  return points > 0 ? { ...flow, issued: flow.issued + points } : { ...flow, spent: flow.spent - points };
}
