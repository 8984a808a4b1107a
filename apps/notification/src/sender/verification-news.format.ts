import type { Locale } from '#contracts';
import type { Texts } from '#i18n';
import type { ContentOf, DeliveryContent } from '../deliveries/delivery-content.schema.js';
import { refusalKeyOf } from './refusal-text.rules.js';

const templates = ['email_bound', 'email_unbound', 'email_refused', 'phone_bound', 'phone_unbound'] as const;

/** What members are told about their address and number. */
export type VerificationNews = ContentOf<(typeof templates)[number]>;

export function isVerificationNews(content: DeliveryContent): content is VerificationNews {
  return templates.some((template) => template === content.template);
}

/** The chat message of it, in Telegram's HTML. */
export function verificationNewsHtml(texts: Texts, locale: Locale, content: VerificationNews): string {
  switch (content.template) {
    case 'email_bound':
      return texts.html(locale, 'notifications.email_bound', { email: content.email });
    case 'email_unbound':
      return texts.html(locale, 'notifications.email_unbound', { email: content.email });
    case 'phone_bound':
      return texts.html(locale, 'notifications.phone_bound', { phone: content.phone });
    case 'phone_unbound':
      return texts.html(locale, 'notifications.phone_unbound', { phone: content.phone });
    case 'email_refused': {
      const title = texts.html(locale, 'notifications.email_refused.title', { email: content.email });
      return `${title}\n\n${texts.html(locale, refusalKeyOf(content.reason))}`;
    }
  }
}
