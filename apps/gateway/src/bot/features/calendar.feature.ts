import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { daySchema, GetCheckInCalendar, MakeUpDay, type OutputOf } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import { formatDay, formatMonth } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { daysText, rankText } from './amount.view.js';
import {
  calendarEntry,
  calendarMonthPress,
  calendarRows,
  makeupAskPress,
  makeupDoPress,
  makeupEntry,
  monthAfter,
  type CalendarMonth,
} from './calendar.keyboard.js';
import { bonusLines } from './check-in.view.js';
import { entryButton, menuButton } from './menu.view.js';

/** `/calendar`: a month of check-ins with buttons to turn the months (P-02); `/makeup`: missed days for cards (P-03). */
@Injectable()
export class CalendarFeature implements BotFeature {
  static readonly menu = [calendarEntry, makeupEntry];
  readonly composer = new Composer<BotContext>();

  constructor() {
    opens(this.composer, calendarEntry, async (context) => sendAnswer(context, ...(await this.month(context.visit))));
    opens(this.composer, makeupEntry, (context, typed) =>
      typed ? this.makeUpTyped(context, typed) : this.offer(context),
    );
    this.composer.use(
      onPress(calendarMonthPress, async (context, { month }) =>
        replaceAnswer(context, ...(await this.month(context.visit, month))),
      ),
    );
    this.composer.use(onPress(makeupAskPress, (context, { day }) => this.ask(context, day)));
    this.composer.use(
      onPress(makeupDoPress, async (context, { day }) => {
        const done = await context.visit.commandOnce(MakeUpDay, { day });
        await replaceAnswer(context, ...madeUp(context.visit, done));
      }),
    );
  }

  private async month(visit: Visit, month?: string): Promise<Screen> {
    const calendar = await visit.query(GetCheckInCalendar, month === undefined ? {} : { month });
    return [monthHtml(visit, calendar), calendarRows(visit, calendar)];
  }

  /** The newest month with a day that can be made up: within the window that is this one or the last. */
  private async offer(context: BotContext): Promise<void> {
    const { visit } = context;
    const current = await visit.query(GetCheckInCalendar, {});
    const before = current.can_make_up.length > 0 ? null : monthAfter(current.month, -1);
    const calendar = before === null ? current : await visit.query(GetCheckInCalendar, { month: before });
    if (calendar.can_make_up.length === 0) {
      const buttons = [[entryButton(visit, calendarEntry), menuButton(visit)]];
      return sendAnswer(context, visit.html('calendar.nothing'), buttons);
    }
    await sendAnswer(context, monthHtml(visit, calendar), calendarRows(visit, calendar));
  }

  private async ask(context: BotContext, day: string): Promise<void> {
    const { visit } = context;
    const month = day.slice(0, 7);
    const { makeup_cards: count } = await visit.query(GetCheckInCalendar, { month });
    const yes = button(visit.text('calendar.confirm'), makeupDoPress.pack({ day }));
    const no = button(visit.text('calendar.back'), calendarMonthPress.pack({ month }));
    const html = visit.html('calendar.ask', { day: formatDay(visit.locale, day), count });
    await replaceAnswer(context, html, [[yes], [no]]);
  }

  private async makeUpTyped(context: BotContext, typed: string): Promise<void> {
    const { visit } = context;
    const day = daySchema.safeParse(typed);
    if (!day.success) {
      const buttons = [[entryButton(visit, calendarEntry), menuButton(visit)]];
      return sendAnswer(context, visit.html('calendar.not_a_day'), buttons);
    }
    const done = await visit.command(MakeUpDay, { day: day.data });
    await sendAnswer(context, ...madeUp(visit, done));
  }
}

function monthHtml(visit: Visit, calendar: CalendarMonth): string {
  const { streak_days, total_days, rank, makeup_cards, can_make_up } = calendar;
  const mayMakeUp = makeup_cards > 0 && calendar.makeups_left_today > 0 && can_make_up.length > 0;
  return [
    visit.html('calendar.title', { month: formatMonth(visit.locale, calendar.month) }),
    '',
    visit.html('calendar.streak', { days: daysText(visit, streak_days) }),
    visit.html('calendar.total', { days: daysText(visit, total_days) }),
    ...(rank ? [visit.html('calendar.rank', { rank: rankText(visit, rank) })] : []),
    visit.html('calendar.cards', { count: makeup_cards }),
    '',
    visit.html('calendar.legend'),
    ...(mayMakeUp ? [visit.html('calendar.hint')] : []),
  ].join('\n');
}

function madeUp(visit: Visit, done: OutputOf<typeof MakeUpDay>): Screen {
  const html = [
    visit.html('calendar.made_up', { day: formatDay(visit.locale, done.day) }),
    ...bonusLines(visit, done.bonuses),
    ...(done.cards_earned > 0 ? [visit.html('calendar.card_earned')] : []),
    ...(done.rank_reached ? [visit.html('ranks.reached', { name: rankText(visit, done.rank) })] : []),
    visit.html('calendar.streak', { days: daysText(visit, done.streak_days) }),
    visit.html('calendar.total', { days: daysText(visit, done.total_days) }),
    visit.html('calendar.cards', { count: done.makeup_cards }),
  ].join('\n');
  const back = button(visit.text('calendar.button'), calendarMonthPress.pack({ month: done.day.slice(0, 7) }));
  return [html, [[back, menuButton(visit)]]];
}
