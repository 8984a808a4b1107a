/** What Telegram says about a message with a position. */
export interface SharedPosition {
  /** Unix time, seconds. */
  readonly date: number;
  readonly forward_origin?: unknown;
  readonly venue?: unknown;
  readonly via_bot?: unknown;
}

/** An older one says where the member was, for example before the bot was away for a while. */
const ageAtMostMs = 10 * 60_000;

/** Whether a message can say where its sender is now (P-05): not somebody else's position, none out of a list, none of the past. */
export function saysWhereOneIs({ date, forward_origin, venue, via_bot }: SharedPosition, now: Date): boolean {
  if ((forward_origin ?? venue ?? via_bot) !== undefined) return false;
  return now.getTime() - date * 1000 <= ageAtMostMs;
}
