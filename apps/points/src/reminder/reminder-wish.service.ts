import { Controller } from '@nestjs/common';
import { UserSettingsChanged, type PayloadOf } from '#contracts';
import { sqlTime, type SqlTime } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { isErased } from '#service';
import { nextReminderAt } from './check-in-reminder.rules.js';

interface WishRow {
  remind_at: string;
  timezone: string;
  next_at: SqlTime | null;
  settings_version: number;
}

/** Keeps when members want to be reminded of the check-in (U-11): the newest version of their settings counts. */
@Controller()
export class ReminderWishService {
  @HandleEvent(UserSettingsChanged)
  async settingsChanged(
    { user_id, timezone, reminders, version, changed_at }: PayloadOf<typeof UserSettingsChanged>,
    { tx, now }: EventContext,
  ): Promise<void> {
    if (await isErased(tx, user_id)) return;
    const nothing = { user_id, remind_at: reminders.check_in_at, timezone, next_at: null, settings_version: 0 };
    await tx.upsert('check_in_reminders', nothing, { conflict: ['user_id'] });
    const row = await tx.one<WishRow>(
      `SELECT remind_at, timezone, next_at, settings_version FROM check_in_reminders WHERE user_id = ?${tx.lock}`,
      [user_id],
    );
    if (!row || Number(row.settings_version) >= version) return;
    // A reminder that is due already is not lost because another setting was changed.
    const isSame = row.next_at !== null && row.remind_at === reminders.check_in_at && row.timezone === timezone;
    // From the change on, not from its news: the time may have come while the news was on its way.
    const since = new Date(Math.min(now.getTime(), Date.parse(changed_at)));
    const next = isSame ? row.next_at : sqlTime(nextReminderAt(since, { time: reminders.check_in_at, timezone }));
    await tx.execute(
      'UPDATE check_in_reminders SET remind_at = ?, timezone = ?, next_at = ?, settings_version = ? WHERE user_id = ?',
      [reminders.check_in_at, timezone, reminders.check_in ? next : null, version, user_id],
    );
  }
}
