import { reasonLength } from '#contracts';

export interface TypedAdjustment {
  readonly points: number;
  readonly reason: string;
}

const pointsAtMost = 10_000_000;
const daysAtMost = 3_660;
const adjustmentPattern = new RegExp(`^([+-]?)([0-9]{1,8})\\s+(.{${reasonLength.min},${reasonLength.max}})$`, 's');

/** `+50 the photo contest`, also with another minus sign or full-width digits; null when it is none. */
export function parseAdjustment(text: string): TypedAdjustment | null {
  const [, sign, digits = '', reason = ''] = adjustmentPattern.exec(plain(text)) ?? [];
  const points = Number(digits) * (sign === '-' ? -1 : 1);
  if (sign === undefined || points === 0 || Math.abs(points) > pointsAtMost) return null;
  return { points, reason: reason.trim() };
}

/** A whole number from 1 to `most`; null when it is none. */
export function parseCount(text: string, most: number): number | null {
  const digits = /^[0-9]{1,9}$/.exec(plain(text))?.[0];
  const count = Number(digits ?? 0);
  return count >= 1 && count <= most ? count : null;
}

/** A number of days; null when it is none that can be given. */
export function parseDays(text: string): number | null {
  return parseCount(text, daysAtMost);
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/[−–—]/g, '-').trim();
}
