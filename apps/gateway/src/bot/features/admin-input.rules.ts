import { AdjustPoints, GrantMembership } from '#contracts';

export interface TypedAdjustment {
  readonly points: number;
  readonly reason: string;
}

const adjustmentSchema = AdjustPoints.input.omit({ user_id: true });
const daysSchema = GrantMembership.input.shape.days.unwrap();
/** More digits than any number has that somebody may type. */
const countAtMost = 999_999_999;

/** `+50 the photo contest`, also with another minus sign or full-width digits; null when it is none. */
export function parseAdjustment(text: string): TypedAdjustment | null {
  const [, number = '', reason = ''] = /^(\S+)\s+(.+)$/s.exec(text.trim()) ?? [];
  const digits = /^[+-]?[0-9]{1,8}$/.exec(plain(number))?.[0];
  if (digits === undefined) return null;
  return adjustmentSchema.safeParse({ points: Number(digits), reason }).data ?? null;
}

/** A whole number from 1 to `most`; null when it is none. */
export function parseCount(text: string, most: number): number | null {
  const digits = /^[0-9]{1,9}$/.exec(plain(text))?.[0];
  const count = Number(digits ?? 0);
  return count >= 1 && count <= most ? count : null;
}

/** A number of days; null when it is none that can be given. */
export function parseDays(text: string): number | null {
  return daysSchema.safeParse(parseCount(text, countAtMost)).data ?? null;
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/[−–—]/g, '-').trim();
}
