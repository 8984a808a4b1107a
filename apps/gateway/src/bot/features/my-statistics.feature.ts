import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { GetMyStatistics, type OutputOf } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { defineCallback } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { formatWeekday } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import type { MenuEntry } from '../menu.types.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { daysText, pointsText, rankText } from './amount.view.js';
import { calendarEntry } from './calendar.keyboard.js';
import { entryButton, menuButton } from './menu.view.js';

const statisticsEntry: MenuEntry = {
  section: 'points',
  order: 32,
  label: 'calendar.statistics.button',
  press: defineCallback('my_statistics'),
  command: { name: 'mystats', description: 'calendar.statistics.command', scopes: ['private'] },
};

/** `/mystats`: check-ins and points in figures (P-10). */
@Injectable()
export class MyStatisticsFeature implements BotFeature {
  static readonly menu = [statisticsEntry];
  readonly composer = new Composer<BotContext>();

  constructor() {
    opens(this.composer, statisticsEntry, async (context) => {
      const { visit } = context;
      const html = statisticsHtml(visit, await visit.query(GetMyStatistics, {}));
      await sendAnswer(context, html, [[entryButton(visit, calendarEntry), menuButton(visit)]]);
    });
  }
}

function statisticsHtml(visit: Visit, figures: OutputOf<typeof GetMyStatistics>): string {
  const { rank, next_rank_in_days, by_type } = figures;
  const sum = (value: (flow: (typeof by_type)[number]) => number): number =>
    by_type.reduce((total, flow) => total + value(flow), 0);
  const week = figures.last_7_days.map(({ day, checked_in }) => {
    const weekday = formatWeekday(visit.locale, (new Date(day).getUTCDay() + 6) % 7);
    return `${weekday} ${checked_in ? '✅' : '▫️'}`;
  });
  return [
    visit.html('calendar.statistics.title'),
    '',
    visit.html('calendar.total', { days: daysText(visit, figures.total_days) }),
    visit.html('calendar.streak', { days: daysText(visit, figures.streak_days) }),
    ...(rank ? [visit.html('calendar.rank', { rank: rankText(visit, rank) })] : []),
    ...(rank && next_rank_in_days !== null
      ? [visit.html('calendar.statistics.next_rank', { days: daysText(visit, next_rank_in_days) })]
      : []),
    visit.html('calendar.statistics.earned', {
      points: pointsText(
        visit,
        sum(({ issued }) => issued),
      ),
    }),
    visit.html('calendar.statistics.spent', {
      points: pointsText(
        visit,
        sum(({ spent }) => spent),
      ),
    }),
    '',
    week.join('  '),
  ].join('\n');
}
