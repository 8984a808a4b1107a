import {
  AppError,
  defaultPermissionsOf,
  roles,
  type CommandContract,
  type ErrorName,
  type Locale,
  type Membership,
  type OutputOf,
  type PermissionName,
  type Profile,
  type RequestContract,
  type Role,
  type ServiceName,
} from '#contracts';
import { MemoryBroker, type Reply, type RequestMessage } from '#messaging';

/** A member as the in-test services know one. */
export interface FakeMember {
  profile: Profile;
  membership: Membership;
  balance: number;
  hasCheckedIn: boolean;
  streakDays: number;
}

type Verification = { id: string; userId: number; email: string; status: string; refusal: string | null };
type Handler = (input: Record<string, unknown>, member: FakeMember, message: RequestMessage) => unknown;

const none: Membership = { state: 'none', plan: null, started_at: null, expires_at: null };
const dayEndsAt = '2031-05-04T16:00:00.000Z';

/**
 * The services behind the gateway at the network's edge: they answer the contracts from memory, remember the reply of each
 * command id as the real ones do, and can be away.
 */
export class FakePlatform {
  readonly broker = new MemoryBroker();
  readonly members: FakeMember[] = [];
  readonly verifications: Verification[] = [];
  /** Commands that had an effect, by wire name. */
  readonly handled: string[] = [];
  readonly auditQueries: unknown[] = [];
  /** What the bot has told of groups and of who can be reached. */
  readonly rosterNews: { kind: string; input: Record<string, unknown> }[] = [];
  readonly groups: unknown[] = [];
  /** Whom of which group Telegram is to be asked about; one group is handed out at a time. */
  readonly dueChecks: { group_id: number; chat: object; telegram_ids: string[] }[] = [];
  /** The versions of the terms that registrations stood on. */
  readonly acceptedAtRegistration: string[] = [];
  /** What roles may do where that is not the default. */
  private readonly changedRoles: Partial<Record<Role, readonly PermissionName[]>> = {};
  /** Whose role has changed lately. */
  private readonly roleChanges: { user_id: number; role: Role; changed_at: string }[] = [];
  private readonly ownAnswers = new Map<string, Handler>();
  private readonly terms = { version: '2026-03-01', isRequired: false, acceptedBy: new Map<number, string>() };
  private readonly replies = new Map<string, Reply>();
  private readonly failures = new Map<string, { error: AppError; times: number }>();
  private isBroken = false;

  async start(): Promise<void> {
    const services: ServiceName[] = ['user', 'entitlement', 'points', 'notification'];
    for (const service of services) {
      await this.broker.serve(service, (message) => this.answer(message), { concurrency: 20 });
    }
  }

  /** The next calls of a contract are refused. */
  failNext(contract: RequestContract, name: ErrorName, times = 1): void {
    this.failures.set(contract.name, { error: AppError.fromWire({ name }), times });
  }

  /** From now on a contract is answered so. */
  answerWith<Contract extends RequestContract>(
    contract: Contract,
    answer: (input: unknown) => OutputOf<Contract>,
  ): void {
    this.ownAnswers.set(contract.name, answer);
  }

  /** What a role may do; gateways hear of it when what they know has grown old, or when they start. */
  allow(role: Role, permissions: readonly PermissionName[]): void {
    this.changedRoles[role] = permissions;
  }

  /** Gives a member another role; gateways hear of it as of what roles may do. */
  changeRole({ profile }: FakeMember, role: Role): void {
    profile.role = role;
    this.roleChanges.push({ user_id: profile.id, role, changed_at: new Date().toISOString() });
  }

  /** Nobody registers who has not accepted this version of the terms. */
  requireTerms(version: string): void {
    Object.assign(this.terms, { version, isRequired: true });
  }

  /** Every call breaks as by a bug. */
  breakDown(): void {
    this.isBroken = true;
  }

  member(telegramId: number): FakeMember {
    const found = this.members.find(({ profile }) => profile.telegram_id === String(telegramId));
    if (!found) throw new Error(`nobody has met ${telegramId}`);
    return found;
  }

  /** Somebody the platform knows before the bot does. */
  add(telegramId: number, firstName: string, locale: Locale, change: Partial<Profile> = {}): FakeMember {
    const profile: Profile = {
      id: this.members.length + 1,
      telegram_id: String(telegramId),
      kind: 'person',
      first_name: firstName,
      username: null,
      status: 'active',
      role: 'member' satisfies Role,
      locale,
      email: null,
      points: 0,
      membership: none,
      created_at: '2031-01-02T03:04:05.000Z',
      ...change,
    };
    const member: FakeMember = { profile, membership: none, balance: 0, hasCheckedIn: false, streakDays: 0 };
    this.members.push(member);
    return member;
  }

  timesHandled(contract: CommandContract): number {
    return this.handled.filter((name) => name === contract.name).length;
  }

  private async answer(message: RequestMessage): Promise<Reply> {
    if (this.isBroken) throw new Error('a bug in a service');
    const failure = this.failures.get(message.contract);
    if (failure && failure.times > 0) {
      failure.times -= 1;
      return { ok: false, error: failure.error.toWire() };
    }
    const known = this.replies.get(message.id);
    if (known) return known;
    const reply = this.replyTo(message);
    if (message.id !== message.call.request_id) {
      this.replies.set(message.id, reply);
      if (reply.ok && !/\.(?:record|migrate|take)_/.test(message.contract)) this.handled.push(message.contract);
    }
    return reply;
  }

  private replyTo(message: RequestMessage): Reply {
    const handle = this.ownAnswers.get(message.contract) ?? this.handlers[message.contract];
    if (!handle) throw new Error(`the test has no answer to ${message.contract}`);
    const { actor } = message.call;
    const member = this.members.find(({ profile }) => actor.kind === 'user' && profile.id === actor.user_id);
    try {
      const input = message.input as Record<string, unknown>;
      return { ok: true, output: handle(input, member ?? ({} as FakeMember), message) };
    } catch (error) {
      if (error instanceof AppError) return { ok: false, error: error.toWire() };
      throw error;
    }
  }

  private readonly handlers: Record<string, Handler> = {
    'user.meet.v1': (input) => this.meet(input),
    'user.bind_phone_by_contact.v1': () => {
      throw new AppError('phone.contact_not_asked');
    },
    'user.record_group_sightings.v1': (input) => this.note('sightings', input, { group_id: 1, changed: 1 }),
    'user.record_group_bot.v1': (input) => this.note('bot', input, { group_id: 1, missing_rights: [] }),
    'user.migrate_group.v1': (input) => this.note('migration', input, { group_id: 1, members_moved: 0 }),
    'user.take_roster_checks.v1': () => ({ groups: this.dueChecks.splice(0, 1), more: this.dueChecks.length > 0 }),
    'user.record_roster_checks.v1': (input) =>
      this.note('checks', input, { confirmed: 0, changed: 0, not_known: 0, refused: 0 }),
    'user.record_update_types.v1': (input) => this.note('types', input, { changed: true }),
    'user.list_groups.v1': ({ page, page_size }) => ({
      items: this.groups,
      page,
      page_size,
      total: this.groups.length,
    }),
    'notification.record_reach.v1': (input) => this.note('reach', input, { changed: true }),
    'user.find_by_telegram.v1': ({ telegram_id }) => ({ profile: this.find(String(telegram_id)).profile }),
    'user.list_standings.v1': () => ({ items: [] }),
    'user.get_access_policy.v1': () => ({
      permissions: Object.fromEntries(
        roles.map((role) => [role, this.changedRoles[role] ?? defaultPermissionsOf(role)]),
      ),
      changed_roles: this.roleChanges,
      ended_sessions: [],
    }),
    'user.get_profile.v1': (_input, { profile }) => ({ ...profile, followers: 0 }),
    'user.change_locale.v1': ({ locale }, { profile }) => ({ ...Object.assign(profile, { locale }), followers: 0 }),
    'user.start_email_verification.v1': ({ email }, { profile }) => this.verify(String(email), profile.id),
    'user.get_email_verification.v1': ({ id }, { profile }) => this.verification(String(id), profile.id),
    'user.search_audit_log.v1': (input) => {
      this.auditQueries.push(input);
      const entry = { id: '1', at: dayEndsAt, service: 'user', event: 'user.created.v1', actor: 'system:telegram-bot' };
      const around = { user_id: 1, request_id: 'tg-1', channel: 'bot', ip: null, before: null, after: null };
      return { items: [{ ...entry, ...around }], next_before_id: null };
    },
    'user.get_user.v1': ({ user_id }) => this.byId(Number(user_id)).profile,
    'user.find_users.v1': ({ query }) => {
      const wanted = this.members.filter(({ profile }) => profile.first_name.startsWith(String(query)));
      return { items: wanted.map(({ profile }) => profile), more: false };
    },
    'user.get_community_statistics.v1': ({ to }) => ({
      members: { active: 1_234, banned: 2, deletion_pending: 0 },
      active_members: { day: 5, week: 6, month: 7 },
      days: [{ day: String(to), newcomers: 3, registrations: 2, active_members: 5 }],
      verifications: { bound: 4, something_new: 1 },
    }),
    'user.list_user_tags.v1': () => ({ items: [] }),
    'entitlement.list_plans.v1': () => ({ items: [{ code: 'month', days: 30, enabled: true }] }),
    'entitlement.grant_membership.v1': ({ user_id, days }) => {
      const expires_at = new Date(Date.parse('2031-05-04T03:00:00Z') + Number(days ?? 30) * 86_400_000).toISOString();
      const member = this.byId(Number(user_id));
      member.membership = { state: 'formal', plan: 'month', started_at: '2031-05-04T03:00:00.000Z', expires_at };
      member.profile.membership = member.membership;
      return { membership: member.membership };
    },
    'points.adjust_points.v1': ({ user_id, points, reason }, { profile }) => {
      const member = this.byId(Number(user_id));
      member.balance += Number(points);
      return { ...adjustmentOf(Number(user_id), profile.id), points, reason, balance_after: member.balance };
    },
    'user.get_terms_acceptance.v1': (_input, { profile }) => {
      const accepted_version = this.terms.acceptedBy.get(profile.id) ?? null;
      const accepted_at = accepted_version && dayEndsAt;
      return { current_version: this.terms.version, required: this.terms.isRequired, accepted_version, accepted_at };
    },
    'user.accept_terms.v1': ({ version }, { profile }) => {
      this.requireCurrentTerms(version);
      this.terms.acceptedBy.set(profile.id, this.terms.version);
      return { version, accepted_at: dayEndsAt };
    },
    'entitlement.register.v1': ({ invite_code, terms_version }, member) =>
      this.register(String(invite_code), terms_version, member),
    'entitlement.get_membership.v1': (_input, { membership }) => membership,
    'entitlement.list_member_codes.v1': ({ page, page_size }) => ({ items: [], page, page_size, total: 0 }),
    'points.check_in.v1': (_input, member) => this.checkIn(member),
    'points.get_check_in_today.v1': (_input, member) => ({
      day: '2031-05-04',
      checked_in: member.hasCheckedIn,
      streak_days: member.streakDays,
      total_days: member.streakDays,
      next_bonus: { streak_days: 7, points: 20 },
      day_ends_at: dayEndsAt,
    }),
    'points.get_balance.v1': (_input, { balance }) => ({ balance, frozen: 0, available: balance }),
    'points.list_records.v1': ({ page, page_size }, { balance }) => recordsOf(balance, Number(page), Number(page_size)),
  };

  private note(kind: string, input: Record<string, unknown>, output: unknown): unknown {
    this.rosterNews.push({ kind, input });
    return output;
  }

  private find(telegramId: string): FakeMember {
    const found = this.members.find(({ profile }) => profile.telegram_id === telegramId);
    if (!found) throw new AppError('user.not_found');
    return found;
  }

  private byId(id: number): FakeMember {
    const found = this.members.find(({ profile }) => profile.id === id);
    if (!found) throw new AppError('user.not_found');
    return found;
  }

  private meet(input: Record<string, unknown>): unknown {
    const known = this.members.find(({ profile }) => profile.telegram_id === input['telegram_id']);
    const names = { first_name: String(input['first_name']), username: input['username'] as string | null };
    if (known) return { profile: Object.assign(known.profile, names), created: false };
    const spoken = String(input['language_code'] ?? '').slice(0, 2);
    const locale: Locale = spoken === 'ru' || spoken === 'zh' ? spoken : 'en';
    const kind = input['kind'] as Profile['kind'];
    return {
      profile: this.add(Number(input['telegram_id']), names.first_name, locale, { ...names, kind }).profile,
      created: true,
    };
  }

  private requireCurrentTerms(version: unknown): void {
    const { version: current_version, isRequired } = this.terms;
    if (version === undefined && isRequired) throw new AppError('terms.not_accepted', { current_version });
    if (version !== undefined && version !== current_version)
      throw new AppError('terms.version_outdated', { current_version });
  }

  private register(code: string, termsVersion: unknown, member: FakeMember): unknown {
    if (member.membership.state !== 'none') throw new AppError('membership.already_active');
    if (code.toUpperCase() !== 'COSPLAY7') throw new AppError('invite_code.unknown');
    this.requireCurrentTerms(termsVersion);
    if (termsVersion !== undefined) this.acceptedAtRegistration.push(String(termsVersion));
    const times = { started_at: '2031-05-04T03:00:00.000Z', expires_at: '2031-05-11T03:00:00.000Z' };
    member.membership = { state: 'trial', plan: 'trial', ...times };
    return { membership: member.membership };
  }

  private checkIn(member: FakeMember): unknown {
    if (member.hasCheckedIn) {
      throw new AppError('check_in.already_done', { day: '2031-05-04', streak_days: member.streakDays });
    }
    member.hasCheckedIn = true;
    member.streakDays += 1;
    const bonuses = member.streakDays % 7 === 0 ? [{ streak_days: member.streakDays, points: 20 }] : [];
    const points = 10 + (bonuses[0]?.points ?? 0);
    member.balance += points;
    const facts = { day: '2031-05-04', points, base_points: 10, bonuses, checked_in_at: '2031-05-04T04:00:00.000Z' };
    return { id: 1, ...facts, streak_days: member.streakDays, total_days: member.streakDays, balance: member.balance };
  }

  private verify(email: string, userId: number): unknown {
    if (!/^[^@\s]+@[^@\s]+\.[a-z]{2,}$/.test(email)) throw new AppError('verification.address_invalid');
    const id = `11111111-2222-4333-8444-${String(this.verifications.length + 1).padStart(12, '0')}`;
    this.verifications.push({ id, userId, email, status: 'pending', refusal: null });
    return { id, code: '123456', mailbox: 'verify@coser.local', email, expires_at: '2031-05-04T04:10:00.000Z' };
  }

  private verification(id: string, userId: number): unknown {
    const found = this.verifications.find((verification) => verification.id === id && verification.userId === userId);
    if (!found) throw new AppError('verification.not_found');
    const { status, refusal } = found;
    return {
      id,
      status,
      refusal,
      email: 'a***n@example.org',
      mailbox: 'verify@coser.local',
      expires_at: '2031-05-04T04:10:00.000Z',
    };
  }
}

function adjustmentOf(userId: number, adminId: number): object {
  const requested = { requested_by: adminId, requested_at: dayEndsAt, expires_at: null };
  const decided = { decided_by: null, decided_at: null, decision_note: null };
  return { id: 1, user_id: userId, state: 'applied', ...requested, ...decided };
}

/** One record for every ten points. */
function recordsOf(balance: number, page: number, pageSize: number): unknown {
  const total = Math.floor(balance / 10);
  const from = (page - 1) * pageSize;
  const length = Math.max(0, Math.min(pageSize, total - from));
  const items = Array.from({ length }, (_, index) => ({
    id: total - from - index,
    points: 10,
    type: 'check_in',
    description: null,
    balance_after: (total - from - index) * 10,
    created_at: '2031-05-04T04:00:00.000Z',
  }));
  return { items, page, page_size: pageSize, total };
}
