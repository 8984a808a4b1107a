import { z } from 'zod';

interface CatalogueEntry<Params extends z.ZodType> {
  /** The number in the answer's envelope: 1xxxx system, 2xxxx business. */
  readonly code: number;
  /** The one HTTP status this refusal has. */
  readonly status: number;
  readonly params: Params;
  /** A refusal that may be gone a moment later is not remembered for the command's id, so that a repeat can succeed. */
  readonly transient?: true;
}

function entry<Params extends z.ZodType>(
  code: number,
  status: number,
  params: Params,
  transient?: true,
): CatalogueEntry<Params> {
  return { code, status, params, ...(transient && { transient }) };
}

const none = z.object({});
const retryAfter = z.object({ retry_after_seconds: z.int().nonnegative() });

/** One problem of a request: where (JSON path) and what is wrong, as a stable word. */
export const fieldProblemSchema = z.object({ path: z.string(), problem: z.string() });

/** Every refusal the platform can answer with. `locales/<lang>/errors.json` has one sentence for each name. */
export const errorCatalogue = {
  'system.internal': entry(10000, 500, none, true),
  'system.unavailable': entry(10001, 503, none, true),
  'system.timeout': entry(10002, 504, none, true),
  'system.rate_limited': entry(10003, 429, retryAfter, true),
  'system.route_not_found': entry(10004, 404, none),
  'system.body_too_large': entry(10005, 413, z.object({ limit_bytes: z.int() })),
  'system.invalid_json': entry(10006, 400, none),
  'system.unsupported_media_type': entry(10007, 415, none),

  'request.invalid': entry(20001, 400, z.object({ problems: z.array(fieldProblemSchema) })),
  // Transient: services that are told of members hear of one a moment later than they are there.
  'user.not_found': entry(20002, 404, none, true),
  'points.insufficient_balance': entry(20003, 409, z.object({ balance: z.int(), required: z.int() })),

  'auth.unauthenticated': entry(20010, 401, none),
  'auth.token_expired': entry(20011, 401, none),
  'auth.forbidden': entry(20012, 403, none),
  'auth.init_data_invalid': entry(20013, 401, none),
  'auth.init_data_stale': entry(20014, 401, none),
  'auth.refresh_token_invalid': entry(20015, 401, none),
  'auth.refresh_token_reused': entry(20016, 401, none),
  'auth.webhook_secret_invalid': entry(20017, 401, none),
  'auth.step_up_required': entry(20022, 403, none),
  'auth.session_required': entry(20023, 403, none),
  'auth.session_not_found': entry(20024, 404, none),
  'auth.step_up_not_found': entry(20025, 404, none),
  'auth.step_up_crowded': entry(20026, 429, retryAfter, true),
  'auth.widget_invalid': entry(20027, 401, none),
  'auth.widget_stale': entry(20028, 401, none),
  'auth.console_login_failed': entry(20029, 401, none),
  'auth.code_required': entry(20030, 401, none),
  'auth.code_invalid': entry(20031, 401, none),
  'auth.locked_out': entry(20032, 429, retryAfter, true),
  'auth.password_unsuitable': entry(20033, 400, z.object({ problem: z.enum(['too_short', 'too_long', 'too_simple']) })),
  'console.username_taken': entry(20034, 409, none),
  'console.account_exists': entry(20035, 409, none),
  'console.account_unknown': entry(20036, 404, none),
  'console.token_invalid': entry(20037, 410, none),
  'console.second_factor_on': entry(20038, 409, none),
  'console.second_factor_off': entry(20039, 409, none),

  'idempotency.key_reused': entry(20020, 422, none),
  'idempotency.key_invalid': entry(20021, 400, none),

  'user.banned': entry(20101, 403, none),
  'user.deletion_pending': entry(20102, 403, none),
  'user.already_banned': entry(20103, 409, none),
  'user.not_banned': entry(20104, 409, none),
  'user.cannot_be_banned': entry(20105, 409, none),
  'user.no_deletion_pending': entry(20106, 409, none),
  'user.deletion_not_possible': entry(20107, 409, none),
  'user.being_erased': entry(20180, 410, none),
  'privacy.too_many_exports': entry(20108, 429, retryAfter, true),
  'privacy.export_too_large': entry(20109, 413, z.object({ limit_bytes: z.int() })),
  'terms.version_outdated': entry(20110, 409, z.object({ current_version: z.string() })),
  'terms.not_accepted': entry(20130, 409, z.object({ current_version: z.string() })),
  'follow.own_account': entry(20111, 409, none),
  'follow.too_many': entry(20112, 409, z.object({ limit: z.int() })),
  'tag.unknown': entry(20113, 404, none),
  'tag.taken': entry(20114, 409, none),
  'tag.is_system': entry(20115, 409, none),
  'tag.too_many': entry(20116, 409, z.object({ limit: z.int() })),

  'invite_code.unknown': entry(20201, 404, none),
  'invite_code.not_valid_now': entry(20202, 410, none),
  'invite_code.used_up': entry(20203, 409, none),
  'membership.trial_already_used': entry(20204, 409, none),
  'membership.already_active': entry(20205, 409, none),
  'membership.new_members_only': entry(20206, 409, none),
  'membership.registration_required': entry(20207, 403, none),
  'membership.already_permanent': entry(20208, 409, none),
  'invite_code.own_code': entry(20209, 409, none),
  'invite_code.too_many_unused': entry(20210, 409, z.object({ limit: z.int() })),
  'invite_code.taken': entry(20211, 409, none),
  'plan.unknown': entry(20212, 404, none),
  'membership.group_admin_required': entry(20213, 403, none),
  'invite_code.already_used': entry(20254, 409, none),
  'membership.ends_too_late': entry(20255, 409, none),

  'verification.address_invalid': entry(20301, 400, none),
  'verification.address_blocked': entry(20302, 422, none),
  'verification.address_taken': entry(20303, 409, none),
  'verification.too_many_codes': entry(20304, 429, retryAfter, true),
  'verification.too_many_requests': entry(20305, 429, retryAfter, true),
  'verification.not_found': entry(20306, 404, none),
  'verification.already_bound': entry(20307, 409, z.object({ email: z.string() })),
  'verification.undo_not_possible': entry(20308, 410, none),
  'verification.locked_out': entry(20309, 429, retryAfter, true),
  'phone.invalid': entry(20310, 400, none),
  'phone.taken': entry(20311, 409, none),
  'phone.already_bound': entry(20312, 409, z.object({ phone: z.string() })),
  'phone.not_bound': entry(20313, 404, none),
  'phone.contact_not_own': entry(20314, 403, none),
  'phone.contact_not_asked': entry(20315, 409, none),
  'verification.code_wrong': entry(20316, 422, z.object({ tries_left: z.int() })),
  'verification.code_over': entry(20317, 410, none),
  'blacklist.entry_invalid': entry(20320, 400, none),
  'blacklist.entry_exists': entry(20321, 409, none),
  'blacklist.entry_unknown': entry(20322, 404, none),
  'blacklist.full': entry(20323, 409, z.object({ limit: z.int() })),

  'group.not_found': entry(20701, 404, none),
  'group.bot_not_admin': entry(20240, 409, none),

  'broadcast.not_found': entry(20801, 404, none),
  'broadcast.wrong_state': entry(20802, 409, z.object({ status: z.string() })),
  'broadcast.no_text': entry(20803, 400, none),
  'broadcast.fallback_without_text': entry(20804, 400, none),
  'broadcast.nobody': entry(20805, 409, none),
  'broadcast.audience_changed': entry(20806, 409, z.object({ expected: z.int(), actual: z.int() })),
  'broadcast.too_late': entry(20807, 409, none),
  'broadcast.too_many_running': entry(20808, 409, z.object({ limit: z.int() })),
  'broadcast.too_many_drafts': entry(20809, 409, z.object({ limit: z.int() })),
  'broadcast.changed_since': entry(20850, 409, none),
  'role.above_own': entry(20601, 403, none),
  'role.last_super_admin': entry(20602, 409, none),
  'role.fixed_by_configuration': entry(20603, 409, none),
  'role.always_complete': entry(20604, 409, none),
  'profile.nickname_not_allowed': entry(20611, 400, none),
  'profile.avatar_not_allowed': entry(20612, 400, none),
  'profile.timezone_unknown': entry(20613, 400, none),
  'profile.birthday_impossible': entry(20614, 400, none),
  'profile.region_unknown': entry(20615, 400, z.object({ part: z.enum(['country', 'province', 'city']) })),

  'check_in.already_done': entry(20401, 409, z.object({ day: z.string(), streak_days: z.int() })),
  'check_in.too_soon': entry(20402, 409, z.object({ next_at: z.string(), wait_minutes: z.int() }), true),
  'makeup.day_not_over': entry(20403, 409, z.object({ day: z.string(), today: z.string() })),
  'makeup.before_registration': entry(20404, 409, z.object({ day: z.string(), registered_on: z.string() })),
  'makeup.already_checked_in': entry(20405, 409, z.object({ day: z.string() })),
  'makeup.outside_window': entry(20406, 409, z.object({ day: z.string(), days: z.int() })),
  'makeup.no_card': entry(20407, 409, none),
  'makeup.daily_limit': entry(20408, 409, z.object({ limit: z.int() })),
  'makeup.too_many_cards': entry(20409, 409, z.object({ limit: z.int() })),
  'amnesty.unknown': entry(20410, 404, none),
  'amnesty.already_undone': entry(20411, 409, none),
  'amnesty.window_invalid': entry(20412, 400, z.object({ problem: z.string() })),

  'shop.item_unknown': entry(20520, 404, none),
  'shop.item_not_available': entry(20521, 409, none),
  'shop.out_of_stock': entry(20522, 409, z.object({ stock: z.int() })),
  'shop.limit_reached': entry(20523, 409, z.object({ limit: z.int(), bought: z.int() })),
  'shop.period_limit_reached': entry(20524, 409, z.object({ limit: z.int(), bought: z.int() })),
  'shop.price_changed': entry(20525, 409, z.object({ points: z.int() })),
  'shop.address_required': entry(20526, 422, none),
  'shop.order_unknown': entry(20527, 404, none),
  'shop.order_step_refused': entry(20528, 409, z.object({ status: z.string() })),
  'shop.tracking_required': entry(20529, 422, none),
  'shop.stock_unlimited': entry(20530, 409, none),
  'shop.stock_out_of_range': entry(20531, 409, z.object({ stock: z.int() })),
  'shop.stock_changed': entry(20870, 409, z.object({ stock: z.int().nullable() })),
  'shop.too_many_days': entry(20871, 409, z.object({ days: z.int(), limit: z.int() })),

  'address.unknown': entry(20540, 404, none),
  'address.too_many': entry(20541, 409, z.object({ limit: z.int() })),
  'address.phone_invalid': entry(20542, 422, none),
  'address.country_unknown': entry(20543, 422, none),

  'adjustment.unknown': entry(20550, 404, none),
  'adjustment.already_decided': entry(20551, 409, none),
  'adjustment.second_admin_required': entry(20552, 403, none),
  'adjustment.expired': entry(20553, 410, none),
  'adjustment.too_many_pending': entry(20554, 409, z.object({ limit: z.int() })),

  'velocity.rule_unknown': entry(20560, 404, none),
  'velocity.alarm_unknown': entry(20561, 404, none),
  'velocity.alarm_handled': entry(20562, 409, none),
  'velocity.too_many_rules': entry(20563, 409, z.object({ limit: z.int() })),
  'points.amount_invalid': entry(20501, 400, z.object({ amount: z.string() })),
  'points.amount_too_large': entry(20502, 422, z.object({ limit: z.int() })),
  'points.hold_unknown': entry(20503, 404, none),
  'points.hold_too_small': entry(20504, 409, z.object({ remaining: z.int(), required: z.int() })),
  'points.record_unknown': entry(20505, 404, none),
  'points.already_reversed': entry(20506, 409, none),
  'points.not_reversible': entry(20507, 409, none),
  'rule.not_found': entry(20450, 404, none),
  'rule.invalid': entry(20451, 422, z.object({ problems: z.array(fieldProblemSchema) })),
  'rule.version_conflict': entry(20452, 409, z.object({ version: z.int() })),
  'rule.too_many': entry(20453, 409, z.object({ limit: z.int() })),
  'rule.shipped': entry(20865, 409, none),
  'rule.removed': entry(20866, 409, none),
  'rule.event_not_found': entry(20454, 404, none),
  'rule.event_reported_differently': entry(20455, 409, none),

  'activity.not_found': entry(20570, 404, none),
  'activity.invalid': entry(20571, 422, z.object({ problems: z.array(fieldProblemSchema) })),
  'activity.state_conflict': entry(20572, 409, z.object({ state: z.string(), wanted: z.string() })),
  'activity.not_open': entry(20573, 409, z.object({ state: z.string() })),
  'activity.registration_closed': entry(20574, 409, none),
  'activity.full': entry(20575, 409, z.object({ capacity: z.int() })),
  'activity.already_joined': entry(20576, 409, none),
  'activity.not_joined': entry(20577, 409, none),
  'activity.already_started': entry(20578, 409, none),
  'activity.not_running': entry(20579, 409, none),
  'activity.already_completed': entry(20580, 409, none),
  'activity.wrong_way': entry(20581, 422, z.object({ way: z.string() })),
  'activity.code_wrong': entry(20582, 422, z.object({ tries_left: z.int() })),
  'activity.too_many_tries': entry(20583, 429, retryAfter, true),
  'activity.too_far': entry(20584, 422, z.object({ distance_m: z.int(), radius_m: z.int() })),
  'activity.location_too_vague': entry(20585, 422, z.object({ accuracy_m: z.int(), limit_m: z.int() })),

  'content.not_found': entry(20590, 404, none),
  'content.invalid': entry(20591, 422, z.object({ problems: z.array(fieldProblemSchema) })),
  'content.duplicate': entry(20592, 409, none),
  'content.too_many_today': entry(20593, 409, z.object({ limit: z.int() })),
  'content.decided_already': entry(20594, 409, z.object({ status: z.string() })),
  'content.own': entry(20595, 403, none),

  'leaderboard.vip_only': entry(20480, 403, none),
  'leaderboard.no_region': entry(20481, 409, none),
  'leaderboard.group_unknown': entry(20482, 404, none),
  'leaderboard.not_ready': entry(20483, 503, none, true),
} as const satisfies Record<string, CatalogueEntry<z.ZodType>>;

export type ErrorName = keyof typeof errorCatalogue;
export type ErrorParams<Name extends ErrorName> = z.infer<(typeof errorCatalogue)[Name]['params']>;
export const errorNames = Object.keys(errorCatalogue) as ErrorName[];

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorCatalogue, name);
}
