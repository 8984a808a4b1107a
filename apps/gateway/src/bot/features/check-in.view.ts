import type { CheckIn, GetCheckInToday, OutputOf } from '#contracts';
import type { InlineCard } from '../inline.types.js';
import { formatDuration, formatTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { daysText, pointsText, rankText } from './amount.view.js';

/** A line for each bonus of a check-in or a makeup. */
export function bonusLines(visit: Visit, bonuses: OutputOf<typeof CheckIn>['bonuses']): string[] {
  return bonuses.map(({ streak_days, points }) =>
    visit.html('bot.check_in.bonus', { days: daysText(visit, streak_days), points: pointsText(visit, points) }),
  );
}

/** What a check-in brought. */
export function checkedInHtml(visit: Visit, done: OutputOf<typeof CheckIn>): string {
  return [
    visit.html('bot.check_in.done', { points: pointsText(visit, done.points) }),
    ...bonusLines(visit, done.bonuses),
    ...(done.cards_earned ? [visit.html('calendar.card_earned')] : []),
    ...(done.rank && done.rank_reached ? [visit.html('ranks.reached', { name: rankText(visit, done.rank) })] : []),
    visit.html('bot.check_in.streak', { days: daysText(visit, done.streak_days) }),
    visit.html('bot.check_in.balance', { points: pointsText(visit, done.balance) }),
  ].join('\n');
}

/** What to say on the second try of a day: the streak, and when the next one begins for the community. */
export function alreadyHtml(
  visit: Visit,
  today: OutputOf<typeof GetCheckInToday>,
  now: Date,
  timezone: string,
): string {
  const duration = formatDuration(visit.locale, Date.parse(today.day_ends_at) - now.getTime());
  const { streak_days, points } = today.next_bonus;
  return [
    visit.html('bot.check_in.already'),
    visit.html('bot.check_in.streak', { days: daysText(visit, today.streak_days) }),
    visit.html('bot.check_in.next_bonus', { day: streak_days, points: pointsText(visit, points) }),
    visit.html('bot.check_in.next_day', { time: formatTime(visit.locale, today.day_ends_at, timezone), duration }),
  ].join('\n');
}

/** What a member shows to others in any chat: how long they have been coming. */
export function streakCard(visit: Visit, today: OutputOf<typeof GetCheckInToday>): InlineCard {
  const days = { streak: daysText(visit, today.streak_days), total: daysText(visit, today.total_days) };
  return {
    id: 'streak',
    title: visit.text('bot.inline.streak_title'),
    description: visit.text('bot.inline.streak_description', days),
    html: visit.html('bot.inline.streak', { name: visit.member.first_name, ...days }),
    open: { text: visit.text('bot.inline.check_in'), payload: 'checkin' },
  };
}
