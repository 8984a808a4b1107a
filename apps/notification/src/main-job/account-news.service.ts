import { Controller } from '@nestjs/common';
import {
  DeletionCancelled,
  DeletionReminderDue,
  DeletionRequested,
  UserStatusChanged,
  type PayloadOf,
} from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** What members are told about the account itself: a ban and its end (U-01), a deletion on its way (U-15). */
@Controller()
export class AccountNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  @HandleEvent(UserStatusChanged)
  async statusChanged(change: PayloadOf<typeof UserStatusChanged>, context: EventContext): Promise<void> {
    const { user_id, status, previous, reason } = change;
    if (status === 'banned')
      this.deliveries.tell(context, user_id, { template: 'account_banned', reason: reason ?? '' });
    else if (previous === 'banned' && status !== 'erased')
      this.deliveries.tell(context, user_id, { template: 'account_unbanned' });
  }

  @HandleEvent(DeletionRequested)
  async deletionRequested(payload: PayloadOf<typeof DeletionRequested>, context: EventContext): Promise<void> {
    this.deliveries.tell(context, payload.user_id, { template: 'deletion_requested', due_at: payload.due_at });
  }

  @HandleEvent(DeletionCancelled)
  async deletionCancelled(payload: PayloadOf<typeof DeletionCancelled>, context: EventContext): Promise<void> {
    this.deliveries.tell(context, payload.user_id, { template: 'deletion_cancelled' });
  }

  @HandleEvent(DeletionReminderDue)
  async deletionReminder(payload: PayloadOf<typeof DeletionReminderDue>, context: EventContext): Promise<void> {
    const { user_id, days_left, due_at } = payload;
    this.deliveries.tell(context, user_id, { template: 'deletion_reminder', days: days_left, due_at });
  }
}
