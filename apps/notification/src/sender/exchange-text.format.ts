import type { Locale } from '#contracts';
import type { Texts } from '#i18n';
import type { ContentOf, DeliveryContent } from '../deliveries/delivery-content.schema.js';
import { momentText } from './wording.rules.js';

type ExchangeNews = ContentOf<'membership_days_given' | 'membership_days_taken'>;

export function isExchangeNews(content: DeliveryContent): content is ExchangeNews {
  return content.template === 'membership_days_given' || content.template === 'membership_days_taken';
}

/** What an exchange of points has done to the membership (P-07): the days, and when it ends now. */
export function exchangeNewsHtml(texts: Texts, locale: Locale, timezone: string, content: ExchangeNews): string {
  const { days: count } = content;
  const until = momentText(new Date(content.expires_at), locale, timezone);
  if (content.template === 'membership_days_given') {
    return [
      texts.html(locale, 'shop.membership.given', { count }),
      texts.html(locale, 'shop.membership.lasts', { until }),
    ].join('\n');
  }
  return [
    texts.html(locale, 'shop.membership.taken', { count }),
    content.is_over
      ? texts.html(locale, 'shop.membership.over')
      : texts.html(locale, 'shop.membership.lasts', { until }),
  ].join('\n');
}
