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

/** `Orderly Silver, 3 stars` (P-04). */
export function rankText(visit: Visit, { name, stars }: { name: RankName; stars: number }): string {
  return visit.text('ranks.with_stars', { name: visit.text(`ranks.names.${name}`), count: stars });
}
