import { Controller } from '@nestjs/common';
import { GetCheckInCalendar, type HandledInputOf, type OutputOf } from '#contracts';
import type { Reader, SqlTime } from '#database';
import { HandleQuery, requireUser, type QueryContext } from '#messaging';
import { InjectSettings } from '#service';
import type { PointsSettings } from '../points.env.js';
import { aliveStreak, daysOf } from './check-in.rules.js';
import { addDays, communityDay, monthBounds } from '#calendar';
import { makeupProblem, makeupsPerDayAtMost, makeupWindowDays, oldestMakeupDay } from './makeup.rules.js';
import { countToday } from './makeup.service.js';
import { latestMarks, momentOf, protectedBetween, readMember, registrationDay, stateOf } from './member.store.js';
import { rankOf } from './rank.rules.js';

interface DayRow {
  day: string;
  is_makeup: number;
  streak_days: number;
  created_at: SqlTime;
}

/** A month of check-ins (P-02), and which of its missed days a card can make up (P-03). */
@Controller()
export class CalendarService {
  constructor(@InjectSettings() private readonly settings: PointsSettings) {}

  @HandleQuery(GetCheckInCalendar)
  async month(
    input: HandledInputOf<typeof GetCheckInCalendar>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetCheckInCalendar>> {
    const userId = requireUser(call);
    const row = await readMember(reader, userId);
    const moment = momentOf(this.settings, row, now);
    const today = communityDay(now, moment.timezone);
    const month = input.month ?? today.slice(0, 7);
    const { first, last } = monthBounds(month);
    const marks = await marksBetween(reader, userId, first, last);
    const isProtected = await protectedBetween(reader, addDays(first, -1), addDays(last, 1));
    const marked = new Set(marks.map(({ day }) => day));
    const free = daysOf(first, last).filter((day) => !marked.has(day) && isProtected(day));
    const days = [
      ...marks.map((mark) => ({
        day: mark.day,
        kind: mark.is_makeup === 1 ? ('makeup' as const) : ('check_in' as const),
        streak_days: mark.streak_days,
      })),
      ...free.map((day) => ({ day, kind: 'protected' as const, streak_days: null })),
    ].sort((left, right) => (left.day < right.day ? -1 : 1));

    const registeredOn = await registrationDay(reader, userId, row, moment);
    const oldest = oldestMakeupDay({ today, registeredOn });
    const recent = await latestMarks(reader, userId, 2 * makeupWindowDays + 2);
    const situation = { today, registeredOn, cards: 1, madeUpToday: 0, isMarked: (day: string) => marked.has(day) };
    const canMakeUp = daysOf(first > oldest ? first : oldest, last < today ? last : today).filter(
      (day) => makeupProblem(day, situation) === null,
    );
    const state = stateOf(row);
    const madeUpToday = countToday(recent, now, this.settings.COMMUNITY_TIMEZONE);
    const rank = rankOf(state.totalDays);
    return {
      month,
      today,
      days,
      can_make_up: canMakeUp,
      makeup_cards: state.makeupCards,
      makeups_left_today: Math.max(0, makeupsPerDayAtMost - madeUpToday),
      streak_days:
        state.day === null ? 0 : aliveStreak(state, moment, await protectedBetween(reader, state.day, today)),
      total_days: state.totalDays,
      rank: rank && { name: rank.name, stars: rank.stars },
    };
  }
}

function marksBetween(reader: Reader, userId: number, first: string, last: string): Promise<DayRow[]> {
  return reader.query<DayRow>(
    'SELECT day, is_makeup, streak_days, created_at FROM check_ins WHERE user_id = ? AND day >= ? AND day <= ? ORDER BY day',
    [userId, first, last],
  );
}
