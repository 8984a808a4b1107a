import { Controller } from '@nestjs/common';
import { UserSettingsChanged, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { ensureContact } from '../contacts/contact.store.js';

/** What members want to be reminded of, as they have last said (U-11). */
@Controller()
export class ReminderPreferenceService {
  @HandleEvent(UserSettingsChanged)
  async settingsChanged(
    { user_id, reminders, version }: PayloadOf<typeof UserSettingsChanged>,
    { tx }: EventContext,
  ): Promise<void> {
    if (!(await ensureContact(tx, user_id))) return;
    await tx.execute(
      `UPDATE contacts SET remind_check_in = ?, remind_membership = ?, settings_version = ?
       WHERE user_id = ? AND settings_version < ?`,
      [Number(reminders.check_in), Number(reminders.membership), version, user_id, version],
    );
  }
}
