import type { RankName } from '#contracts';
import type { Visit } from '../member/visit.client.js';
import { formatNumber } from '../locale.format.js';

/** `1 point`, `12,345 points`: with the language's plural and grouping. */
export function pointsText(visit: Visit, points: number): string {
  return visit.text('bot.units.points', { count: points, amount: formatNumber(visit.locale, points) });
}

export function daysText(visit: Visit, days: number): string {
  return visit.text('bot.units.days', { count: days, amount: formatNumber(visit.locale, days) });
}

/** How many days of membership something gives (P-07): `+30 days of membership`; nothing for everything else. */
export function membershipDaysLines(
  visit: Visit,
  { membership_days: count }: { membership_days: number | null },
): string[] {
  return count === null ? [] : [visit.html('shop.membership.days', { count })];
}

/** `Orderly Silver, 3 stars` (P-04). */
export function rankText(visit: Visit, { name, stars }: { name: RankName; stars: number }): string {
  return visit.text('ranks.with_stars', { name: visit.text(`ranks.names.${name}`), count: stars });
}
