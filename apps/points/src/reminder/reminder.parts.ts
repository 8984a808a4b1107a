import { CheckInReminders1700000002300 } from '../migrations/1700000002300-check-in-reminders.js';
import { CheckInReminderEntity } from './check-in-reminder.entity.js';
import { CheckInReminderJob } from './check-in-reminder.job.js';
import { ReminderWishService } from './reminder-wish.service.js';

/** Reminders of the check-in (U-11). */
export const reminderParts = {
  controllers: [ReminderWishService],
  providers: [CheckInReminderJob],
  entities: [CheckInReminderEntity],
  migrations: [CheckInReminders1700000002300],
};
