import type { Locale } from '#contracts';
import type { Texts } from '#i18n';
import type { ContentOf, DeliveryContent } from '../deliveries/delivery-content.schema.js';
import { momentText } from '../sender/wording.rules.js';

type Reminder = ContentOf<'membership_reminder' | 'check_in_reminder'>;

export function isReminder(content: DeliveryContent): content is Reminder {
  return content.template === 'membership_reminder' || content.template === 'check_in_reminder';
}

/** What reminders say, and where they are switched off. */
export function reminderHtml(texts: Texts, locale: Locale, timezone: string, content: Reminder): string {
  if (content.template === 'membership_reminder') {
    const until = momentText(new Date(content.expires_at), locale, timezone);
    return texts.html(locale, `notifications.membership_reminder.${content.kind}`, { until });
  }
  const { streak_days: count } = content;
  const call =
    count > 0
      ? texts.html(locale, 'reminders.check_in.streak', { count })
      : texts.html(locale, 'reminders.check_in.none');
  return `${call}\n\n${texts.html(locale, 'reminders.settings')}`;
}
