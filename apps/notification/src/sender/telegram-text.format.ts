import { Injectable } from '@nestjs/common';
import type { Locale } from '#contracts';
import { escapeHtml, Texts } from '#i18n';
import { InjectSettings } from '#service';
import { activityNewsHtml, isActivityNews } from '../activity-news/activity-text.format.js';
import { readingLanguage } from '../broadcasts/broadcast.rules.js';
import type { ContentOf, DeliveryContent } from '../deliveries/delivery-content.schema.js';
import type { NotificationSettings } from '../notification.env.js';
import { isReminder, reminderHtml } from '../reminders/reminder-text.format.js';
import type { Contact } from './claimed-delivery.types.js';
import { exchangeNewsHtml, isExchangeNews } from './exchange-text.format.js';
import { adjustmentText, orderNewsText, velocityAlarmText } from './points-text.format.js';
import { isVerificationNews, verificationNewsHtml } from './verification-news.format.js';
import { momentText, presentableName } from './wording.rules.js';

type AccountNews = ContentOf<
  'account_banned' | 'account_unbanned' | 'deletion_requested' | 'deletion_cancelled' | 'deletion_reminder'
>;

/** Makes the message of a delivery in Telegram's HTML, in the member's language. What people typed is escaped. */
@Injectable()
export class TelegramTextFormat {
  constructor(
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: NotificationSettings,
  ) {}

  textOf(content: DeliveryContent, contact: Contact): string {
    const { locale } = contact;
    if (isActivityNews(content)) {
      return activityNewsHtml(this.texts, locale, this.settings.COMMUNITY_TIMEZONE, content);
    }
    if (isVerificationNews(content)) return verificationNewsHtml(this.texts, locale, content);
    if (isExchangeNews(content)) {
      return exchangeNewsHtml(this.texts, locale, this.settings.COMMUNITY_TIMEZONE, content);
    }
    if (isReminder(content)) return reminderHtml(this.texts, locale, this.settings.COMMUNITY_TIMEZONE, content);
    switch (content.template) {
      case 'broadcast': {
        const language = readingLanguage(locale, content.texts, content.fallback);
        // The member's language has changed since to one it was not written in.
        return escapeHtml(content.texts[language ?? locale] ?? Object.values(content.texts)[0] ?? '');
      }
      case 'welcome':
        return this.welcome(content, contact);
      case 'renewed':
        return this.renewed(content.expires_at, locale);
      case 'invitation_thanks':
        return this.thanks(content, locale);
      case 'trial_withdrawn':
        return this.texts.html(locale, 'notifications.trial_withdrawn');
      case 'check_in_receipt':
        return this.receipt(content, locale);
      case 'step_up_requested':
        return this.stepUp(content.device, locale);
      case 'streak_bonus':
        return this.streakBonus(content, locale);
      case 'invitation_points':
        return [
          this.texts.html(locale, `membership.invitation_points.${content.share}`, { count: content.points }),
          this.texts.html(locale, 'notifications.check_in_receipt.balance', { count: content.balance }),
        ].join('\n');
      case 'account_banned':
      case 'account_unbanned':
      case 'deletion_requested':
      case 'deletion_cancelled':
      case 'deletion_reminder':
        return this.accountNews(content, locale);
      case 'rank_reached':
        return this.rankReached(content, locale);
      case 'order_news':
        return orderNewsText(this.texts, locale, content);
      case 'points_adjusted':
        return adjustmentText(this.texts, locale, content);
      case 'velocity_alarm':
        return velocityAlarmText(this.texts, locale, content);
      case 'email_bound_mail':
      case 'email_code_mail':
      case 'phone_code':
        throw new Error('this template is no chat message');
    }
  }

  /** Bans, and deletions on their way (U-01, U-15). */
  private accountNews(content: AccountNews, locale: Locale): string {
    switch (content.template) {
      case 'account_banned':
        return this.texts.html(locale, 'account.news.banned', { reason: content.reason });
      case 'account_unbanned':
        return this.texts.html(locale, 'account.news.unbanned');
      case 'deletion_requested':
        return this.texts.html(locale, 'account.news.deletion_requested', {
          until: this.moment(content.due_at, locale),
        });
      case 'deletion_cancelled':
        return this.texts.html(locale, 'account.news.deletion_cancelled');
      case 'deletion_reminder':
        return this.texts.html(locale, 'account.news.deletion_reminder', {
          count: content.days,
          until: this.moment(content.due_at, locale),
        });
    }
  }

  private moment(time: string, locale: Locale): string {
    return momentText(new Date(time), locale, this.settings.COMMUNITY_TIMEZONE);
  }

  private rankReached(content: ContentOf<'rank_reached'>, locale: Locale): string {
    const name = this.texts.text(locale, `ranks.names.${content.rank}`);
    const withStars = this.texts.text(locale, 'ranks.with_stars', { name, count: content.stars });
    const title = this.texts.html(locale, 'ranks.reached', { name: withStars });
    return `${title}\n${this.texts.html(locale, 'ranks.days', { count: content.total_days })}`;
  }

  private thanks(content: ContentOf<'invitation_thanks'>, locale: Locale): string {
    const thanks = this.texts.html(locale, 'notifications.invitation_thanks.joined');
    if (content.days === 0 || content.expires_at === null) return thanks;
    const until = this.moment(content.expires_at, locale);
    return `${thanks}\n${this.texts.html(locale, 'notifications.invitation_thanks.days', { count: content.days, until })}`;
  }

  private receipt(content: ContentOf<'check_in_receipt'>, locale: Locale): string {
    return [
      this.texts.html(locale, 'notifications.check_in_receipt.earned', { count: content.points }),
      this.texts.html(locale, 'notifications.check_in_receipt.streak', { count: content.streak_days }),
      this.texts.html(locale, 'notifications.check_in_receipt.balance', { count: content.balance }),
    ].join('\n');
  }

  private streakBonus(content: ContentOf<'streak_bonus'>, locale: Locale): string {
    return [
      this.texts.html(locale, 'notifications.streak_bonus.streak', { count: content.streak_days }),
      this.texts.html(locale, 'notifications.streak_bonus.earned', { count: content.points }),
    ].join('\n');
  }

  private stepUp(device: string | null, locale: Locale): string {
    const named = device ?? this.texts.text(locale, 'notifications.unknown_device');
    return this.texts.html(locale, 'notifications.step_up_requested', { device: named });
  }

  private renewed(expiresAt: string | null, locale: Locale): string {
    if (expiresAt === null) return this.texts.html(locale, 'notifications.renewed.permanent');
    const until = this.moment(expiresAt, locale);
    return this.texts.html(locale, 'notifications.renewed.until', { until });
  }

  private welcome(content: ContentOf<'welcome'>, contact: Contact): string {
    const { locale } = contact;
    const name = presentableName(contact.firstName);
    if (content.kind === 'permanent' || content.expires_at === null) {
      return this.texts.html(locale, 'notifications.welcome.permanent', { name });
    }
    const until = this.moment(content.expires_at, locale);
    const key = content.kind === 'trial' ? 'notifications.welcome.trial' : 'notifications.welcome.formal';
    return this.texts.html(locale, key, { name, until });
  }
}
