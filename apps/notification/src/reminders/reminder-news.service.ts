import { Controller } from '@nestjs/common';
import { CheckInReminderDue, MembershipReminderDue, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

type Wish = 'remind_check_in' | 'remind_membership';

/**
 * Reminders, for those who want them (U-06, U-11). They are the only news that can be switched off: codes, what concerns the
 * account's safety, and answers to what somebody did are always told.
 */
@Controller()
export class ReminderNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  @HandleEvent(MembershipReminderDue)
  async membershipReminderDue(
    { user_id: userId, kind, expires_at }: PayloadOf<typeof MembershipReminderDue>,
    context: EventContext,
  ): Promise<void> {
    if (!(await this.isWanted(context, userId, 'remind_membership'))) return;
    // That it ends soon is not told when it has ended: of that there is another reminder.
    const worth = kind === 'expired' ? {} : { expiresAt: new Date(expires_at) };
    this.deliveries.tell(context, userId, { template: 'membership_reminder', kind, expires_at }, worth);
  }

  /** Of no use when the day is over. */
  @HandleEvent(CheckInReminderDue)
  async checkInReminderDue(
    { user_id: userId, streak_days, day_ends_at }: PayloadOf<typeof CheckInReminderDue>,
    context: EventContext,
  ): Promise<void> {
    if (!(await this.isWanted(context, userId, 'remind_check_in'))) return;
    const worth = { lane: 'receipt', expiresAt: new Date(day_ends_at) } as const;
    this.deliveries.tell(context, userId, { template: 'check_in_reminder', streak_days }, worth);
  }

  /** Who has said nothing of it gets what comes: the reminder's own service knows what is wanted at first. */
  private async isWanted({ tx }: EventContext, userId: number, wish: Wish): Promise<boolean> {
    const row = await tx.one<{ wish: number | null }>(`SELECT ${wish} AS wish FROM contacts WHERE user_id = ?`, [
      userId,
    ]);
    return row?.wish !== 0;
  }
}
