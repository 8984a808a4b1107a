import type { PayloadOf, MembershipReminderDue } from '#contracts';

export type ReminderKind = PayloadOf<typeof MembershipReminderDue>['kind'];

export interface ReminderWindow {
  readonly kind: ReminderKind;
  /** Memberships that end after this ... */
  readonly after: Date;
  /** ... and not after this are due. */
  readonly until: Date;
}

const dayMs = 86_400_000;
/** A membership that ended longer ago than this, while everything was down, is not worth a message any more. */
const lateAtMostDays = 30;

/**
 * Which memberships are due for which reminder (U-06). The windows touch and do not overlap: after an outage a member gets
 * the most urgent reminder, not all that were missed.
 */
export function reminderWindows(now: Date): ReminderWindow[] {
  const at = (days: number): Date => new Date(now.getTime() + days * dayMs);
  return [
    { kind: 'expired', after: at(-lateAtMostDays), until: now },
    { kind: 'one_day', after: now, until: at(1) },
    { kind: 'three_days', after: at(1), until: at(3) },
  ];
}
