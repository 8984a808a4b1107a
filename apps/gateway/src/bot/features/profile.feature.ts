import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import {
  GetBalance,
  GetCheckInToday,
  GetMembership,
  GetPhone,
  GetProfile,
  type Membership,
  type Profile,
} from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { opens } from '../feature.parts.js';
import { formatDate, formatDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { daysText, pointsText } from './amount.view.js';
import { lookAround, menuButtons } from './menu.view.js';
import { profileEntry } from './profile.keyboard.js';

/** `/me`: membership, address, points and language, each from its owner. */
@Injectable()
export class ProfileFeature implements BotFeature {
  static readonly menu = [profileEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, profileEntry, (context) => this.show(context));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const [profile, membership, { balance }, today, phone] = await Promise.all([
      visit.query(GetProfile, {}),
      visit.query(GetMembership, {}),
      visit.query(GetBalance, {}),
      visit.query(GetCheckInToday, {}),
      visit.glance(GetPhone, {}),
    ]);
    const html = [
      visit.html('bot.profile.title', { name: profile.first_name }),
      '',
      this.membershipHtml(visit, membership),
      this.emailHtml(visit, profile),
      ...(phone?.phone ? [visit.html('verification.profile.phone', { phone: phone.phone })] : []),
      visit.html('bot.profile.points', { points: pointsText(visit, balance) }),
      visit.html('bot.profile.streak', { days: daysText(visit, today.streak_days) }),
      visit.html('community.followers', { count: profile.followers }),
      visit.html('bot.profile.language'),
      visit.html('bot.profile.since', {
        date: formatDate(visit.locale, profile.created_at, this.settings.COMMUNITY_TIMEZONE),
      }),
    ].join('\n');
    await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
  }

  private emailHtml(visit: Visit, { email }: Profile): string {
    return email === null ? visit.html('bot.profile.email_none') : visit.html('bot.profile.email', { email });
  }

  private membershipHtml(visit: Visit, { state, expires_at }: Membership): string {
    const until = expires_at === null ? '' : formatDateTime(visit.locale, expires_at, this.settings.COMMUNITY_TIMEZONE);
    switch (state) {
      case 'none':
        return visit.html('bot.profile.membership_none');
      case 'permanent':
        return visit.html('bot.profile.membership_permanent');
      case 'trial':
        return visit.html('bot.profile.membership_trial', { until });
      case 'formal':
        return visit.html('bot.profile.membership_formal', { until });
      case 'expired':
        return visit.html('bot.profile.membership_expired', { until });
    }
  }
}
