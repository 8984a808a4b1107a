import type { RankName } from '#contracts';

/** Ranks by total check-in days (P-04), with the first day of each as the source document lists them. */
const ranks: readonly { readonly name: RankName; readonly fromDays: number }[] = [
  { name: 'bronze', fromDays: 1 },
  { name: 'silver', fromDays: 8 },
  { name: 'gold', fromDays: 31 },
  { name: 'platinum', fromDays: 61 },
  { name: 'diamond', fromDays: 91 },
  { name: 'starlight', fromDays: 181 },
  { name: 'king', fromDays: 271 },
  { name: 'peerless_king', fromDays: 366 },
  { name: 'legendary_king', fromDays: 548 },
];

export interface Rank {
  readonly name: RankName;
  /** Days within the rank: the first has one star. */
  readonly stars: number;
  /** Total days at which the next rank begins; null in the last. */
  readonly nextFromDays: number | null;
}

/** The rank of so many days; null before the first. */
export function rankOf(totalDays: number): Rank | null {
  const index = ranks.findLastIndex(({ fromDays }) => totalDays >= fromDays);
  const rank = ranks[index];
  if (!rank) return null;
  return { name: rank.name, stars: totalDays - rank.fromDays + 1, nextFromDays: ranks[index + 1]?.fromDays ?? null };
}

/** The rank that was reached between two totals; null when it is the old one, or the first a member ever has. */
export function rankReached(daysBefore: number, daysAfter: number): { from: RankName; to: Rank } | null {
  const before = rankOf(daysBefore);
  const after = rankOf(daysAfter);
  return before && after && before.name !== after.name ? { from: before.name, to: after } : null;
}
