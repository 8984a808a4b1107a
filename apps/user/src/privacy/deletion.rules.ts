const dayMs = 86_400_000;

/** Days before the end at which a member is reminded of a deletion, the nearest last. */
export const deletionReminderDays = [7, 1] as const;

/** When a deletion that is asked for now is due (U-15). */
export function deletionDueAt(now: Date, graceDays: number): Date {
  return new Date(now.getTime() + graceDays * dayMs);
}

/** The reminder that is due now: the nearest one whose time has come, unless it or a nearer one was told; null for none. */
export function dueDeletionReminder(dueAt: Date, remindedDays: number | null, now: Date): number | null {
  const leftMs = dueAt.getTime() - now.getTime();
  if (leftMs <= 0) return null;
  const nearest = [...deletionReminderDays].reverse().find((days) => leftMs <= days * dayMs);
  if (nearest === undefined) return null;
  return remindedDays !== null && remindedDays <= nearest ? null : nearest;
}
