import { z } from 'zod';
import { channelSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import {
  daySchema,
  pageInputSchema,
  pageSchema,
  pointsSchema,
  reasonSchema,
  timeSchema,
  userIdSchema,
} from './field.schemas.js';
import { bonusSchema, rankNames, rankSchema } from './points.contracts.js';

const monthPattern = /^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])$/;
export const monthSchema = z.string().regex(monthPattern).describe('YYYY-MM');

/** P-03: a missed day of the past, for a card. Gives no points of its own, but the streak it completes gives its bonuses. */
export const MakeUpDay = defineCommand({
  name: 'points.make_up_day.v1',
  summary: 'Make up a missed day with a makeup card',
  input: z.object({ day: daySchema }),
  output: z.object({
    day: daySchema,
    streak_days: z.int().describe('of the streak that is alive; 0 when none is'),
    total_days: z.int(),
    makeup_cards: z.int().describe('left'),
    cards_earned: z.int(),
    bonuses: z.array(bonusSchema),
    balance: pointsSchema,
    rank: rankSchema,
    rank_reached: z.boolean(),
  }),
  errors: [
    'makeup.day_not_over',
    'makeup.before_registration',
    'makeup.already_checked_in',
    'makeup.outside_window',
    'makeup.no_card',
    'makeup.daily_limit',
  ],
});

export const GetCheckInCalendar = defineQuery({
  name: 'points.get_check_in_calendar.v1',
  summary: "A month of the member's check-ins",
  input: z.object({ month: monthSchema.optional().describe('this month unless told') }),
  output: z.object({
    month: monthSchema,
    today: daySchema,
    days: z.array(
      z.object({ day: daySchema, kind: z.enum(['check_in', 'makeup', 'protected']), streak_days: z.int().nullable() }),
    ),
    can_make_up: z.array(daySchema).describe('missed days of this month that a card can make up'),
    makeup_cards: z.int(),
    makeups_left_today: z.int(),
    streak_days: z.int(),
    total_days: z.int(),
    rank: rankSchema.nullable(),
  }),
});

export const GrantMakeupCards = defineCommand({
  name: 'points.grant_makeup_cards.v1',
  summary: 'Give another member makeup cards',
  input: z.object({ user_id: userIdSchema, cards: z.int().min(1).max(99), reason: reasonSchema }),
  output: z.object({ user_id: userIdSchema, makeup_cards: z.int() }),
  errors: ['auth.forbidden', 'user.not_found', 'makeup.too_many_cards', 'adjustment.second_admin_required'],
});

export const amnestySchema = z.object({
  id: z.int(),
  from_day: daySchema,
  until_day: daySchema.describe('the last day of the window'),
  reason: z.string(),
  declared_by: userIdSchema.nullable(),
  declared_at: timeSchema,
  undone_at: timeSchema.nullable(),
  applied_at: timeSchema.nullable().describe('when the streaks of all members had been counted anew'),
  members_changed: z.int(),
});

/** P-02: when the platform was down, nobody loses a streak for it. */
export const DeclareAmnesty = defineCommand({
  name: 'points.declare_amnesty.v1',
  summary: 'Protect streaks from missed days of an outage',
  input: z.object({ from_day: daySchema, until_day: daySchema, reason: reasonSchema }),
  output: amnestySchema,
  errors: ['auth.forbidden', 'auth.step_up_required', 'amnesty.window_invalid'],
});

export const UndoAmnesty = defineCommand({
  name: 'points.undo_amnesty.v1',
  summary: 'Take an amnesty back: streaks are counted anew, points that were given stay',
  input: z.object({ amnesty_id: z.int().positive(), reason: reasonSchema }),
  output: amnestySchema,
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'amnesty.unknown',
    'amnesty.already_undone',
    'amnesty.window_invalid',
  ],
});

export const ListAmnesties = defineQuery({
  name: 'points.list_amnesties.v1',
  summary: 'Amnesties, newest first',
  input: pageInputSchema,
  output: pageSchema(amnestySchema),
  errors: ['auth.forbidden'],
});

export const DayMadeUp = defineEvent({
  name: 'points.day_made_up.v1',
  summary: 'A member made up a missed day',
  payload: z.object({
    user_id: userIdSchema,
    day: daySchema,
    streak_days: z.int(),
    total_days: z.int(),
    makeup_cards: z.int(),
    bonuses: z.array(bonusSchema),
    balance: pointsSchema,
    channel: channelSchema,
  }),
});

export const RankReached = defineEvent({
  name: 'points.rank_reached.v1',
  summary: 'A member reached a higher rank by check-in days (P-04)',
  payload: z.object({
    user_id: userIdSchema,
    previous: z.enum(rankNames),
    rank: z.enum(rankNames),
    stars: z.int(),
    total_days: z.int(),
    channel: channelSchema,
  }),
});

export const CheckInReminderDue = defineEvent({
  name: 'points.check_in_reminder_due.v1',
  summary: 'A member wants to be reminded now, and has not checked in today (U-11)',
  payload: z.object({
    user_id: userIdSchema,
    day: daySchema,
    streak_days: z.int().describe('of the streak that is alive; 0 when none is'),
    day_ends_at: timeSchema,
  }),
});

export const MakeupCardsGranted = defineEvent({
  name: 'points.makeup_cards_granted.v1',
  summary: 'An admin gave a member makeup cards',
  payload: z.object({ user_id: userIdSchema, cards: z.int(), makeup_cards: z.int(), reason: z.string() }),
});

export const AmnestyDeclared = defineEvent({
  name: 'points.amnesty_declared.v1',
  summary: 'An admin protected the streaks from the missed days of an outage',
  payload: z.object({ amnesty_id: z.int(), from_day: daySchema, until_day: daySchema, reason: z.string() }),
});

export const AmnestyUndone = defineEvent({
  name: 'points.amnesty_undone.v1',
  summary: 'An admin took an amnesty back',
  payload: z.object({ amnesty_id: z.int(), reason: z.string() }),
});

export const StreakRecounted = defineEvent({
  name: 'points.streak_recounted.v1',
  summary: "A member's streak was counted anew after an amnesty",
  payload: z.object({
    user_id: userIdSchema,
    amnesty_id: z.int(),
    streak_days: z.int(),
    bonus_points: pointsSchema,
    cards_earned: z.int(),
  }),
});
