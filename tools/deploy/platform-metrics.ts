export type MetricType = 'counter' | 'gauge' | 'histogram';

export interface Metric {
  type: MetricType;
  /** Labels of its own; {@link targetLabels} come with every metric. */
  labels: readonly string[];
}

const metric = (type: MetricType, ...labels: string[]): Metric => ({ type, labels });

/** Prometheus adds `job` and `instance`, every metric of a service carries `service`. */
export const targetLabels: readonly string[] = ['job', 'instance', 'service'];

/** What the five services export: the list that dashboards and alerts may draw on. */
export const serviceMetrics: Record<string, Metric> = {
  coser_http_request_duration_seconds: metric('histogram', 'method', 'route', 'status'),
  coser_rpc_duration_seconds: metric('histogram', 'contract', 'outcome'),
  coser_rpc_client_in_flight: metric('gauge', 'service_target'),
  coser_event_duration_seconds: metric('histogram', 'event', 'outcome'),
  coser_outbox_pending: metric('gauge'),
  coser_outbox_lag_seconds: metric('gauge'),
  coser_outbox_published_total: metric('counter'),
  coser_inbox_duplicates_total: metric('counter'),
  coser_dead_letters_total: metric('counter', 'queue'),
  coser_broker_connected: metric('gauge'),
  coser_database_pool_connections: metric('gauge', 'state'),
  coser_registrations_total: metric('counter', 'kind'),
  coser_active_users: metric('gauge', 'period'),
  coser_users: metric('gauge', 'status'),
  coser_user_status_changes_total: metric('counter', 'status'),
  coser_users_erased_total: metric('counter'),
  coser_erasures_unfinished: metric('gauge'),
  coser_erasures_overdue: metric('gauge'),
  coser_job_rounds_total: metric('counter', 'job', 'outcome'),
  coser_job_last_done_timestamp_seconds: metric('gauge', 'job'),
  coser_invitation_rewards_total: metric('counter', 'share'),
  coser_membership_reminders_total: metric('counter', 'kind'),
  coser_check_ins_total: metric('counter'),
  coser_check_in_reminders_total: metric('counter', 'outcome'),
  coser_points_issued_total: metric('counter', 'type'),
  coser_email_verifications_total: metric('counter', 'outcome'),
  coser_email_blacklist_changes_total: metric('counter', 'change'),
  coser_canonical_addresses_renewed_total: metric('counter'),
  coser_canonical_addresses_clashing: metric('gauge'),
  coser_phone_verifications_total: metric('counter', 'outcome'),
  coser_encrypted_fields_rotated_total: metric('counter', 'field'),
  coser_encrypted_fields_unreadable: metric('gauge', 'field'),
  coser_deliveries_total: metric('counter', 'channel', 'outcome'),
  coser_deliveries_pending: metric('gauge', 'channel'),
  coser_telegram_updates_total: metric('counter', 'type'),
  coser_audit_entries_total: metric('counter'),
  coser_points_ledger_imbalance: metric('gauge'),
  coser_points_adjustments_total: metric('counter', 'outcome'),
  coser_shop_purchases_total: metric('counter', 'type'),
  coser_shop_points_spent_total: metric('counter', 'type'),
  coser_shop_order_moves_total: metric('counter', 'to'),
  coser_shop_points_refunded_total: metric('counter'),
  coser_address_changes_total: metric('counter', 'action'),
  coser_velocity_alarms_total: metric('counter', 'scope'),
  coser_velocity_alarms_open: metric('gauge'),
  coser_membership_grants_total: metric('counter', 'kind'),
  coser_membership_orders_total: metric('counter', 'outcome'),
  coser_access_policy_queries_total: metric('counter', 'outcome'),
  coser_broadcasts_total: metric('counter', 'status'),
  coser_log_lines_total: metric('counter'),
  coser_log_lines_pending: metric('gauge'),
  coser_activities_total: metric('counter', 'state'),
  coser_activity_participations_total: metric('counter', 'outcome'),
  coser_streaks_recounted_total: metric('counter'),
  coser_makeups_total: metric('counter'),
  coser_ranks_reached_total: metric('counter', 'rank'),
  coser_contents_total: metric('counter', 'outcome'),
  coser_leaderboard_snapshots_total: metric('counter'),
  coser_leaderboard_lag_seconds: metric('gauge'),
  coser_points_holds_total: metric('counter', 'change'),
  coser_points_ledger_unsealed_ids: metric('gauge'),
  coser_points_spent_total: metric('counter', 'type'),
  coser_rule_evaluations_total: metric('counter', 'rule', 'outcome'),
  coser_rule_points_total: metric('counter', 'rule'),
  coser_rule_changes_total: metric('counter', 'change'),
  coser_rule_events_total: metric('counter'),
  coser_console_logins_total: metric('counter', 'outcome'),
  coser_password_seconds: metric('histogram', 'work'),
  coser_bot_groups_without_rights: metric('gauge'),
  coser_bot_update_types_missing: metric('gauge'),
  coser_group_sightings_total: metric('counter', 'outcome'),
  coser_step_ups_total: metric('counter', 'outcome'),
  coser_settings_changes_total: metric('counter', 'field'),
  coser_terms_acceptances_total: metric('counter', 'channel'),
  coser_roster_news_total: metric('counter', 'kind', 'outcome'),
  coser_roster_checks_total: metric('counter', 'outcome'),
  coser_roster_lookups_total: metric('counter', 'outcome'),
  coser_roster_check_age_seconds: metric('gauge'),
  coser_mailbox_listener_up: metric('gauge'),
  coser_rate_limited_total: metric('counter', 'scope'),
};

/** What Node, RabbitMQ, the machine and Prometheus export, as far as it is used. */
export const foreignMetrics: Record<string, Metric> = {
  nodejs_version_info: metric('gauge', 'version'),
  nodejs_eventloop_lag_p99_seconds: metric('gauge'),
  process_cpu_seconds_total: metric('counter'),
  process_resident_memory_bytes: metric('gauge'),
  rabbitmq_queue_messages: metric('gauge', 'vhost', 'queue'),
  rabbitmq_queue_consumers: metric('gauge', 'vhost', 'queue'),
  node_cpu_seconds_total: metric('counter', 'cpu', 'mode'),
  node_memory_MemAvailable_bytes: metric('gauge'),
  node_memory_MemTotal_bytes: metric('gauge'),
  node_filesystem_avail_bytes: metric('gauge', 'device', 'fstype', 'mountpoint'),
  node_filesystem_size_bytes: metric('gauge', 'device', 'fstype', 'mountpoint'),
  up: metric('gauge'),
};

/** A metric by the name a series carries: a histogram's parts count as counters. */
export function metricOfSeries(series: string): Metric | undefined {
  const known = { ...serviceMetrics, ...foreignMetrics };
  const exact = known[series];
  if (exact) return exact.type === 'histogram' ? undefined : exact;
  const part = /^(.+)_(bucket|count|sum)$/.exec(series);
  const histogram = part?.[1] === undefined ? undefined : known[part[1]];
  if (histogram?.type !== 'histogram') return undefined;
  return metric('counter', ...histogram.labels, ...(part?.[2] === 'bucket' ? ['le'] : []));
}
