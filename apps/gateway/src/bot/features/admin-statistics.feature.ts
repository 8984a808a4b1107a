import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { addDays, communityDay } from '#calendar';
import { GetCommunityStatistics, type OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, opens } from '../feature.parts.js';
import { formatDay, formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer } from '../telegram/answer.sender.js';
import { adminStatisticsEntry } from './admin.keyboard.js';
import { entryButton, menuButton, sectionButton } from './menu.view.js';

const daysShown = 7;

type Statistics = OutputOf<typeof GetCommunityStatistics>;

/** How the community does today and in the last week (U-17, B-04). Days are the community's. */
@Injectable()
export class AdminStatisticsFeature implements BotFeature {
  static readonly menu = [adminStatisticsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'statistics.read');
    opens(admins, adminStatisticsEntry, (context) => this.show(context));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const today = communityDay(this.clock.now(), this.settings.COMMUNITY_TIMEZONE);
    const from = addDays(today, 1 - daysShown);
    const statistics = await visit.query(GetCommunityStatistics, { from, to: today });
    const rows = [[entryButton(visit, adminStatisticsEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
    await replaceAnswer(context, statisticsHtml(visit, statistics, today), rows);
  }
}

function statisticsHtml(
  visit: Visit,
  { members, active_members, days, verifications }: Statistics,
  day: string,
): string {
  const count = (value: number): string => formatNumber(visit.locale, value);
  const today = days.find((one) => one.day === day) ?? { newcomers: 0, registrations: 0 };
  const sum = (read: (one: Statistics['days'][number]) => number): string =>
    count(days.reduce((total, one) => total + read(one), 0));
  const outcomes = Object.entries(verifications).map(([outcome, number]) => {
    const named = visit.lookup(`bot_admin.verifications.${outcome}`) ?? outcome;
    return `· ${escapeHtml(named)}: ${count(number)}`;
  });
  return [
    visit.html('bot_admin.statistics.title', { day: formatDay(visit.locale, day) }),
    '',
    visit.html('bot_admin.statistics.members', { active: count(members.active), banned: count(members.banned) }),
    visit.html('bot_admin.statistics.deleting', { number: count(members.deletion_pending) }),
    visit.html('bot_admin.statistics.active', {
      day: count(active_members.day),
      week: count(active_members.week),
      month: count(active_members.month),
    }),
    visit.html('bot_admin.statistics.newcomers', {
      today: count(today.newcomers),
      week: sum((one) => one.newcomers),
    }),
    visit.html('bot_admin.statistics.registrations', {
      today: count(today.registrations),
      week: sum((one) => one.registrations),
    }),
    ...(outcomes.length === 0 ? [] : ['', visit.html('bot_admin.statistics.verifications'), ...outcomes]),
  ].join('\n');
}
