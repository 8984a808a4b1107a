export interface TypedAdjustment {
  readonly points: number;
  readonly reason: string;
}

const pointsAtMost = 10_000_000;
const daysAtMost = 3_660;

/** `+50 the photo contest`, also with another minus sign or full-width digits; null when it is none. */
export function parseAdjustment(text: string): TypedAdjustment | null {
  const [, sign, digits = '', reason = ''] = /^([+-]?)([0-9]{1,8})\s+(.{3,200})$/s.exec(plain(text)) ?? [];
  const points = Number(digits) * (sign === '-' ? -1 : 1);
  if (sign === undefined || points === 0 || Math.abs(points) > pointsAtMost) return null;
  return { points, reason: reason.trim() };
}

/** A number of days; null when it is none that can be given. */
export function parseDays(text: string): number | null {
  const digits = /^[0-9]{1,4}$/.exec(plain(text))?.[0];
  const days = Number(digits ?? 0);
  return days >= 1 && days <= daysAtMost ? days : null;
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/[−–—]/g, '-').trim();
}
