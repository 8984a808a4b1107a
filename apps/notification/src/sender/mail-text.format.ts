import { Injectable } from '@nestjs/common';
import type { Locale } from '#contracts';
import { escapeHtml, Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { ContentOf, DeliveryContent } from '../deliveries/delivery-content.schema.js';
import type { NotificationSettings } from '../notification.env.js';
import type { Contact } from './claimed-delivery.types.js';
import { momentText, presentableName } from './wording.rules.js';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Makes the mail of a delivery, as plain text and as HTML, in the member's language. */
@Injectable()
export class MailTextFormat {
  constructor(
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: NotificationSettings,
  ) {}

  /** `code` is what a mail that carries one says. */
  mailOf(content: DeliveryContent, contact: Contact, code: string | null = null): MailText {
    if (content.template === 'email_bound_mail') return this.boundMail(content, contact);
    if (content.template === 'email_code_mail' && code !== null) return this.codeMail(contact.locale, code);
    throw new Error('this template is no mail');
  }

  /** Goes to an address that somebody only claims is theirs, so nothing in it is of that somebody's making. */
  private codeMail(locale: Locale, code: string): MailText {
    const subject = this.texts.text(locale, 'notifications.email_code_mail.subject', { code });
    const sentences = [
      this.texts.text(locale, 'notifications.email_code_mail.code', { code }),
      this.texts.text(locale, 'notifications.email_code_mail.valid'),
      this.texts.text(locale, 'notifications.email_code_mail.not_you'),
      this.texts.text(locale, 'notifications.email_code_mail.automatic'),
    ];
    return { subject, text: `${sentences.join('\n\n')}\n`, html: page(locale, subject, sentences.map(escapeHtml)) };
  }

  private boundMail(content: ContentOf<'email_bound_mail'>, contact: Contact): MailText {
    const { locale } = contact;
    const subject = this.texts.text(locale, 'notifications.email_bound_mail.subject');
    const link = `${this.settings.PUBLIC_URL.replace(/\/+$/, '')}/v1/email-undos/${encodeURIComponent(content.undo_token)}`;
    const until = momentText(new Date(content.undo_expires_at), locale, this.settings.COMMUNITY_TIMEZONE);
    const name = presentableName(contact.firstName);
    const who = { name, telegram: contact.telegramId ?? '—', email: content.email };
    const sentences = (form: 'text' | 'html', shownLink: string): string[] => [
      this.texts[form](locale, 'notifications.email_bound_mail.bound', who),
      this.texts[form](locale, 'notifications.email_bound_mail.nothing_to_do'),
      this.texts[form](locale, 'notifications.email_bound_mail.undo', { until }),
      shownLink,
      this.texts[form](locale, 'notifications.email_bound_mail.automatic'),
    ];
    const anchor = `<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`;
    const html = page(locale, subject, sentences('html', anchor));
    return { subject, text: `${sentences('text', link).join('\n\n')}\n`, html };
  }
}

function page(locale: string, title: string, paragraphs: readonly string[]): string {
  const body = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">
${body}
</body></html>
`;
}
