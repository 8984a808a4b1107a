import { chart, orZero, type Row, stat } from './panel.builder.js';
import { members, slowFromSeconds } from './selectors.js';

export const glanceRow: Row = {
  title: 'At a glance',
  columns: 6,
  height: 4,
  panels: [
    stat({
      title: 'Services up',
      description: 'Instances of the five services that Prometheus reaches, in per cent of those it knows.',
      unit: 'percentunit',
      badBelow: 1,
      queries: [['avg(up{job=~"gateway|user|entitlement|points|notification"})', 'up']],
    }),
    stat({
      title: 'p99 of all requests',
      description: 'One request in a hundred took longer. The promise is 200 ms.',
      unit: 's',
      badFrom: slowFromSeconds,
      queries: [
        [
          `histogram_quantile(0.99, sum by (le) (rate(coser_http_request_duration_seconds_bucket{${members}}[$__rate_interval])))`,
          'p99',
        ],
      ],
    }),
    stat({
      title: 'Failed requests',
      description: 'Share of requests answered with 5xx. The promise is less than 0.1 %.',
      unit: 'percentunit',
      badFrom: 0.001,
      queries: [
        [
          `(sum(rate(coser_http_request_duration_seconds_count{${members}, status=~"5.."}[$__range])) or vector(0))` +
            ` / sum(rate(coser_http_request_duration_seconds_count{${members}}[$__range]))`,
          'failed',
        ],
      ],
    }),
    stat({
      title: 'Ledger imbalance',
      description: 'Accounts whose balance is not the sum of their records. Anything but 0 is an alarm.',
      unit: 'short',
      badFrom: 1,
      queries: [['max(coser_points_ledger_imbalance)', 'accounts']],
    }),
    stat({
      title: 'Dead letters',
      description: 'Messages that could not be handled after all attempts and wait for a person.',
      unit: 'short',
      badFrom: 1,
      queries: [['sum(rabbitmq_queue_messages{queue=~"dead[.].+"}) or vector(0)', 'messages']],
    }),
    stat({
      title: 'Mailbox listener',
      description: 'Whether somebody listens to the mailbox that receives the verification mails.',
      unit: 'bool_yes_no',
      badBelow: 1,
      queries: [['max(coser_mailbox_listener_up)', 'listening']],
    }),
    total('Registrations', 'Members who registered in the chosen time.', 'coser_registrations_total'),
    stat({
      title: 'E-mails bound',
      description: 'Verification mails that led to a bound address in the chosen time.',
      unit: 'short',
      queries: [['sum(increase(coser_email_verifications_total{outcome="bound"}[$__range])) or vector(0)', 'bound']],
    }),
    total('Check-ins', 'Check-ins in the chosen time.', 'coser_check_ins_total'),
    total('Points issued', 'Points given out in the chosen time.', 'coser_points_issued_total'),
    total('Audit entries', 'Changes written to the audit trail in the chosen time.', 'coser_audit_entries_total'),
    total(
      'Messages to members',
      'Deliveries by Telegram and mail that came to an end in the chosen time.',
      'coser_deliveries_total',
    ),
  ],
};

export const businessRow: Row = {
  title: 'What members do',
  columns: 3,
  height: 8,
  panels: [
    perMinute('Registrations', 'New members per minute, by kind of membership.', 'coser_registrations_total', 'kind'),
    chart({
      title: 'Active members',
      description: 'Members seen in the last day, week and month; each counts once, however often seen.',
      unit: 'short',
      queries: [['max by (period) (coser_active_users)', '{{period}}']],
    }),
    chart({
      title: 'Accounts',
      description: 'Accounts by status: active, banned, about to be deleted.',
      unit: 'short',
      queries: [['max by (status) (coser_users)', '{{status}}']],
    }),
    perMinute(
      'Status changes',
      'Bans, their ends, deletions, restorations and erasures per minute, by new status.',
      'coser_user_status_changes_total',
      'status',
    ),
    perMinute(
      'Points for invitations',
      'Points per minute for who invited and for who came.',
      'coser_invitation_rewards_total',
      'share',
    ),
    chart({
      title: 'Erasures',
      description: 'Erasures that have begun and wait for a service or the audit log. They should not stay.',
      unit: 'short',
      queries: [['max(coser_erasures_unfinished)', 'unfinished']],
    }),
    perMinute(
      'Membership reminders',
      'Reminders of a membership that ends, per minute, by kind.',
      'coser_membership_reminders_total',
      'kind',
    ),
    perMinute(
      'E-mail verifications',
      'Verification mails per minute, by what came of them.',
      'coser_email_verifications_total',
      'outcome',
    ),
    perMinute(
      'Phone verifications',
      'Codes sent, contacts asked for, and what came of them, per minute.',
      'coser_phone_verifications_total',
      'outcome',
    ),
    perMinute(
      'E-mail blacklist',
      'Entries that admins put on the list or took off, per minute.',
      'coser_email_blacklist_changes_total',
      'change',
    ),
    chart({
      title: 'Canonical addresses',
      description:
        'Stored addresses that newer rules made canonical anew, per minute, and members whose mailbox is also another’s by these.',
      unit: 'short',
      queries: [
        ['60 * sum(rate(coser_canonical_addresses_renewed_total[$__rate_interval]))', 'renewed'],
        ['max(coser_canonical_addresses_clashing)', 'clashing'],
      ],
    }),
    perMinute(
      'Key rotation',
      'Encrypted fields moved to the newest key per minute.',
      'coser_encrypted_fields_rotated_total',
      'field',
    ),
    chart({
      title: 'Encrypted fields nobody can read',
      description: 'Fields whose key is not in ENCRYPTION_KEYS. More than 0 means that a key was taken away too early.',
      unit: 'short',
      badFrom: 1,
      queries: [['max by (field) (coser_encrypted_fields_unreadable)', '{{field}}']],
    }),
    chart({
      title: 'Check-ins',
      description: 'Accepted check-ins per minute.',
      unit: 'cpm',
      queries: [['60 * sum(rate(coser_check_ins_total[$__rate_interval]))', 'check-ins']],
    }),
    perMinute(
      'Points issued',
      'Points per minute, by the reason they were given for.',
      'coser_points_issued_total',
      'type',
    ),
    chart({
      title: 'Deliveries',
      description: 'Messages to members per minute, by channel and outcome. More than 5 % failed is an alarm.',
      unit: 'cpm',
      queries: [
        ['60 * sum by (channel, outcome) (rate(coser_deliveries_total[$__rate_interval]))', '{{channel}} {{outcome}}'],
      ],
    }),
    chart({
      title: 'Deliveries waiting',
      description: 'Messages to members that are not sent yet, by channel.',
      unit: 'short',
      badFrom: 1000,
      queries: [['max by (channel) (coser_deliveries_pending)', '{{channel}}']],
    }),
    perMinute('Telegram updates', 'What the bot receives per minute, by type.', 'coser_telegram_updates_total', 'type'),
    perMinute(
      'Turned away',
      'Requests per minute refused by a rate limit, by scope.',
      'coser_rate_limited_total',
      'scope',
    ),
    chart({
      title: 'Audit entries',
      description: 'Changes written to the audit trail per minute.',
      unit: 'cpm',
      queries: [['60 * sum(rate(coser_audit_entries_total[$__rate_interval]))', 'entries']],
    }),
  ],
};

function total(title: string, description: string, counter: string) {
  return stat({
    title,
    description,
    unit: 'short',
    queries: [[`sum(increase(${counter}[$__range])) or vector(0)`, title]],
  });
}

function perMinute(title: string, description: string, counter: string, label: string) {
  const expression = orZero(`60 * sum by (${label}) (rate(${counter}[$__rate_interval]))`);
  return chart({ title, description, unit: 'cpm', stacked: true, queries: [[expression, `{{${label}}}`]] });
}
