import { chart, orZero, type Row } from './panel.builder.js';

/** What rules give, how streaks and ranks move, and how far the boards and seals are. */
export const pointsDetailRow: Row = {
  title: 'Points: rules, ranks and boards',
  columns: 4,
  height: 6,
  panels: [
    perMinute(
      'Streaks recounted',
      'Streaks per minute that an amnesty or its undoing changed.',
      'coser_streaks_recounted_total',
    ),
    perMinute('Makeups', 'Missed days made up with a card, per minute.', 'coser_makeups_total'),
    perMinute('Ranks reached', 'Ranks reached by check-in days, per minute.', 'coser_ranks_reached_total', 'rank'),
    perMinute(
      'Points on hold',
      'Points put on hold, released and debited, per minute.',
      'coser_points_holds_total',
      'change',
    ),
    perMinute(
      'Points taken',
      'Points taken from members per minute, by type of record.',
      'coser_points_spent_total',
      'type',
    ),
    highest(
      'Ledger not sealed yet',
      'Record ids behind the last seal of the ledger.',
      'coser_points_ledger_unsealed_ids',
      'short',
    ),
    perMinute(
      'Rules asked',
      'Rules asked about events per minute, by outcome.',
      'coser_rule_evaluations_total',
      'outcome',
    ),
    perMinute('Points by rules', 'Points per minute that rules gave, by rule.', 'coser_rule_points_total', 'rule'),
    perMinute(
      'Rule changes',
      'Rules made, changed, switched and removed, per minute.',
      'coser_rule_changes_total',
      'change',
    ),
    perMinute('Events for rules', 'Events per minute that rules could name.', 'coser_rule_events_total'),
    perMinute(
      'Boards written down',
      'Leaderboards written down at full hours, per minute.',
      'coser_leaderboard_snapshots_total',
    ),
    highest(
      'Leaderboard lag',
      'How far the leaderboards are behind the accounts.',
      'coser_leaderboard_lag_seconds',
      's',
    ),
  ],
};

/** What members do together, who is in the groups, and what the bot tells. */
export const communityDetailRow: Row = {
  title: 'Community: activities, works, groups, news',
  columns: 4,
  height: 6,
  panels: [
    perMinute('Activities', 'Activities per minute that came into a state.', 'coser_activities_total', 'state'),
    perMinute(
      'Taking part',
      'What members and admins did about taking part, per minute.',
      'coser_activity_participations_total',
      'outcome',
    ),
    perMinute('Works', 'Submissions of members per minute, by what became of them.', 'coser_contents_total', 'outcome'),
    perMinute(
      'Memberships given',
      'Memberships that admins gave per minute, by kind.',
      'coser_membership_grants_total',
      'kind',
    ),
    perMinute(
      'Sightings in groups',
      'Sightings of people in groups per minute, by outcome.',
      'coser_group_sightings_total',
      'outcome',
    ),
    perMinute(
      'Roster news',
      'News of who is in which group per minute, by outcome.',
      'coser_roster_news_total',
      'outcome',
    ),
    perMinute(
      'Roster checks',
      'Rows of rosters per minute that were compared with Telegram, by what came of it.',
      'coser_roster_checks_total',
      'outcome',
    ),
    perMinute(
      'Roster lookups',
      'Questions to Telegram about people in rosters per minute, by outcome.',
      'coser_roster_lookups_total',
      'outcome',
    ),
    highest(
      'Roster check age',
      'For how long Telegram has not replied about the member whose turn is next.',
      'coser_roster_check_age_seconds',
      's',
    ),
    highest(
      'Groups without rights',
      'Groups in which the bot lacks a right it needs.',
      'coser_bot_groups_without_rights',
      'short',
    ),
    highest(
      'Updates missing',
      'Kinds of updates that the bot needs and does not get.',
      'coser_bot_update_types_missing',
      'short',
    ),
    perMinute('Broadcasts', 'Broadcasts per minute that came into a state.', 'coser_broadcasts_total', 'status'),
    perMinute('Log topic', 'Lines per minute that reached the log topic.', 'coser_log_lines_total'),
    highest('Log topic waiting', 'Lines that wait for the log topic.', 'coser_log_lines_pending', 'short'),
    perMinute(
      'Settings',
      'Changes of profile and settings per minute, by field.',
      'coser_settings_changes_total',
      'field',
    ),
    perMinute(
      'Check-in reminders',
      'Reminders of the check-in per minute that were due: sent, or needless by then.',
      'coser_check_in_reminders_total',
      'outcome',
    ),
    perMinute(
      'Terms',
      'Acceptances of the terms per minute, by where they were given.',
      'coser_terms_acceptances_total',
      'channel',
    ),
  ],
};

/** Who may do what, and who signs in. */
export const peopleDetailRow: Row = {
  title: 'People: rights and sign-ins',
  columns: 4,
  height: 6,
  panels: [
    perMinute(
      'Access policy',
      'Queries for the access policy per minute, by outcome.',
      'coser_access_policy_queries_total',
      'outcome',
    ),
    perMinute(
      'Console sign-ins',
      'Tries to sign in to the admin console per minute, by outcome.',
      'coser_console_logins_total',
      'outcome',
    ),
    p99('Password work', '99th percentile of hashing and checking passwords, with waiting.', 'coser_password_seconds'),
    perMinute(
      'Fresh confirmations',
      'Fresh confirmations for dangerous actions per minute, by outcome.',
      'coser_step_ups_total',
      'outcome',
    ),
    perMinute(
      'Accounts erased',
      'Accounts per minute whose data was erased in every service.',
      'coser_users_erased_total',
    ),
    highest(
      'Erasures overdue',
      'Members whose data should have been erased an hour ago.',
      'coser_erasures_overdue',
      'short',
    ),
  ],
};

type Panel = ReturnType<typeof chart>;

function perMinute(title: string, description: string, counter: string, label?: string): Panel {
  const sum = label === undefined ? 'sum' : `sum by (${label})`;
  const expression = orZero(`60 * ${sum} (rate(${counter}[$__rate_interval]))`);
  const legend = label === undefined ? 'per minute' : `{{${label}}}`;
  return chart({ title, description, unit: 'cpm', stacked: true, queries: [[expression, legend]] });
}

function highest(title: string, description: string, gauge: string, unit: 's' | 'short'): Panel {
  return chart({ title, description, unit, queries: [[`max(${gauge})`, 'highest']] });
}

function p99(title: string, description: string, histogram: string): Panel {
  const expression = orZero(`histogram_quantile(0.99, sum by (le) (rate(${histogram}_bucket[$__rate_interval])))`);
  return chart({ title, description, unit: 's', queries: [[expression, 'p99']] });
}
