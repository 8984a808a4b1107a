import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { GetCommunityStatistics, type OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import type { Clock } from '#messaging';
import { InjectClock } from '#service';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, opens } from '../feature.parts.js';
import { formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { replaceAnswer } from '../telegram/answer.sender.js';
import { adminStatisticsEntry } from './admin.keyboard.js';
import { entryButton, menuButton, sectionButton } from './menu.view.js';

const dayMs = 86_400_000;
const daysShown = 7;

type Statistics = OutputOf<typeof GetCommunityStatistics>;

/** How the community does today and in the last week (U-17, B-04). Days are UTC days, as in the statistics. */
@Injectable()
export class AdminStatisticsFeature implements BotFeature {
  static readonly menu = [adminStatisticsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectClock() private readonly clock: Clock) {
    const admins = allowedTo(this.composer, 'statistics.read');
    opens(admins, adminStatisticsEntry, (context) => this.show(context));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const now = this.clock.now();
    const from = dayOf(new Date(now.getTime() - (daysShown - 1) * dayMs));
    const statistics = await visit.query(GetCommunityStatistics, { from, to: dayOf(now) });
    const rows = [[entryButton(visit, adminStatisticsEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
    await replaceAnswer(context, statisticsHtml(visit, statistics, dayOf(now)), rows);
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
    visit.html('bot_admin.statistics.title', { day }),
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

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
