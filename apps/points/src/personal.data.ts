import type { PersonalData } from '#service';
import { shopPersonalData } from './shop/shop-personal.data.js';
import { activityParts } from './activity/activity.parts.js';
import { contentParts } from './content/content.parts.js';
import { ruleParts } from './rule/rule.parts.js';

/** What this service keeps about members (U-15). */
export const pointsPersonalData: PersonalData = [
  ...shopPersonalData,
  {
    table: 'check_ins',
    member: 'user_id',
    key: 'id',
    onErasure: 'erase',
    archive: ['day', 'is_makeup', 'timezone', 'streak_days', 'total_days', 'points', 'created_at'],
  },
  {
    table: 'check_in_reminders',
    member: 'user_id',
    key: 'user_id',
    onErasure: 'erase',
    archive: ['remind_at', 'timezone', 'next_at'],
  },
  {
    table: 'activity_participants',
    member: 'user_id',
    key: 'joined_at, activity_id',
    onErasure: { note: null, reason: null },
    archive: ['activity_id', 'status', 'joined_at', 'note', 'points', 'reason'],
    why: 'how many took part is counted by the rows; what was written in them goes',
  },
  {
    table: 'contents',
    member: 'user_id',
    key: 'id',
    onErasure: 'erase',
    archive: ['id', 'kind', 'title', 'body', 'link', 'status', 'points', 'reason'],
  },
  {
    table: 'content_days',
    member: 'user_id',
    key: 'day',
    onErasure: 'erase',
    archive: ['day', 'submissions'],
  },
  {
    table: 'point_holds',
    member: 'user_id',
    key: 'id',
    onErasure: { reason: '' },
    archive: ['points', 'remaining', 'reason', 'created_at', 'updated_at'],
    why: 'the other side of the frozen points of an account, which is kept',
  },
  {
    table: 'point_adjustments',
    member: 'user_id',
    key: 'id',
    onErasure: { reason: '', decision_note: null },
    archive: ['points', 'reason', 'state', 'requested_at', 'decided_at', 'decision_note'],
    why: 'who changed the books and who agreed is kept as long as the books; it names ids',
  },
  {
    table: 'point_records',
    member: 'user_id',
    key: 'id',
    onErasure: 'keep',
    archive: ['id', 'points', 'type', 'description', 'balance_after', 'created_at'],
    why: 'the ledger is immutable, and the books of the whole community add up only with every row; it names an id',
  },
  {
    table: 'point_imbalances',
    member: 'user_id',
    key: 'user_id',
    onErasure: 'keep',
    archive: ['problem', 'found_at'],
    why: 'says that the books of an account are wrong until they are right; it names an id',
  },
  {
    table: 'point_accounts',
    member: 'user_id',
    key: 'user_id',
    onErasure: { timezone: null, last_timezone: null, registered_at: null },
    archive: [
      'balance',
      'frozen',
      'lifetime_earned',
      'timezone',
      'registered_at',
      'streak_days',
      'total_days',
      'makeup_cards',
      'updated_at',
    ],
    why: 'the other side of the ledger: the sum of its rows',
  },
  ...activityParts.personalData,
  ...contentParts.personalData,
  ...ruleParts.personalData,
  {
    table: 'leaderboard_members',
    member: 'user_id',
    key: 'user_id',
    // The row stays until the boards have forgotten the member, and says no more than that.
    onErasure: { display_name: '', is_shown: 0, is_active: 0, province: null, city: null },
    archive: ['display_name', 'is_shown', 'province', 'city'],
  },
  {
    table: 'leaderboard_groups',
    member: 'user_id',
    key: 'user_id',
    onErasure: 'erase',
    archive: ['chat_id', 'is_in', 'seen_at'],
  },
  {
    table: 'leaderboard_snapshots',
    member: 'user_id',
    key: 'id',
    onErasure: 'keep',
    archive: ['board', 'taken_at', 'rank_number', 'score'],
    why: 'places of others depend on it; it names an id, is shown without a name, and is gone after forty days',
  },
];
