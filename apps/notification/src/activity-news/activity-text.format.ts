import type { Locale } from '#contracts';
import type { Texts } from '#i18n';
import { momentText } from '../sender/wording.rules.js';
import type { DeliveryContent } from '../deliveries/delivery-content.schema.js';
import { activityContents, type ActivityContent } from './activity-news.schema.js';

const templates: readonly string[] = activityContents.map(({ shape }) => shape.template.value);

export function isActivityNews(content: DeliveryContent): content is ActivityContent {
  return templates.includes(content.template);
}

/** The words for news about activities, submissions and rewards, in Telegram's HTML. */
export function activityNewsHtml(texts: Texts, locale: Locale, timezone: string, content: ActivityContent): string {
  const title = typeof content.title === 'string' ? content.title : content.title[locale];
  switch (content.template) {
    case 'activity_completed':
    case 'content_approved':
    case 'rule_reward':
      return [
        texts.html(locale, `activities.news.${content.template}`, { title, count: content.points }),
        texts.html(locale, 'notifications.check_in_receipt.balance', { count: content.balance }),
      ].join('\n');
    case 'activity_refused':
      return content.reason === null
        ? texts.html(locale, 'activities.news.activity_refused', { title })
        : texts.html(locale, 'activities.news.activity_refused_because', { title, reason: content.reason });
    case 'activity_cancelled':
    case 'activity_place_freed': {
      const time = momentText(new Date(content.starts_at), locale, timezone);
      return texts.html(locale, `activities.news.${content.template}`, { title, time });
    }
    case 'activity_moved': {
      const [from, until] = [content.starts_at, content.ends_at].map((time) =>
        momentText(new Date(time), locale, timezone),
      );
      return texts.html(locale, 'activities.news.activity_moved', { title, from: from ?? '', until: until ?? '' });
    }
    case 'content_rejected':
      return texts.html(locale, 'activities.news.content_rejected', { title, reason: content.reason });
  }
}
