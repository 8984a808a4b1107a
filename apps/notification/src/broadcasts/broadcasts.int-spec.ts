import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  BroadcastChanged,
  ConfirmBroadcast,
  CreateBroadcast,
  ChangeBroadcast,
  EmailUnbound,
  GetBroadcast,
  GroupMemberChanged,
  ListBroadcasts,
  MembershipGranted,
  MembershipStarted,
  PreviewBroadcast,
  RecordReach,
  SteerBroadcast,
  TestBroadcast,
  UserChanged,
  UserCreated,
  UserStatusChanged,
  type InputOf,
  type UserStatus,
} from '#contracts';
import { eventually } from '#testing';
import type { EmulatedMember } from '#testing/bot-emulator';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall } from '#testing/service.host';
import { NotificationPlace } from '../notification.fixture.js';

const hourMs = 3_600_000;
const admin = memberCall(1, 'admin', { stepped_up: true });
const bot = callOf({ kind: 'system', name: 'telegram-bot' });
const draft: InputOf<typeof CreateBroadcast> = {
  title: 'Convention',
  texts: { en: 'Hello <all>!', ru: 'Всем привет!' },
  fallback: 'en',
};

onEachDatabase('broadcasts', ({ place }) => {
  const notification = new NotificationPlace(place);
  const people: Record<string, { userId: number; member: EmulatedMember }> = {};
  const client = () => notification.service.runtime.client;
  const create = async (change: Partial<InputOf<typeof CreateBroadcast>> = {}) =>
    (await client().command(CreateBroadcast, { ...draft, ...change }, admin)).id;
  const preview = (id: number) => client().query(PreviewBroadcast, { id }, admin);
  const confirm = async (id: number, change: Partial<InputOf<typeof ConfirmBroadcast>> = {}) => {
    const { recipients, digest } = await preview(id);
    return client().command(ConfirmBroadcast, { id, recipients, digest, ...change }, admin);
  };
  const steer = (id: number, action: 'pause' | 'resume' | 'cancel') =>
    client().command(SteerBroadcast, { id, action }, admin);
  const get = (id: number) => client().query(GetBroadcast, { id }, admin);
  const rowsOf = (id: number) =>
    notification.database.reader.query<{ user_id: number; status: string }>(
      'SELECT user_id, status FROM deliveries WHERE broadcast_id = ? ORDER BY user_id',
      [id],
    );
  const textsTo = (name: string): string[] => notification.textsTo(person(name).member);
  const person = (name: string) => {
    const found = people[name];
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };

  beforeAll(async () => {
    // Slow enough for a pause to come while a crowd still waits, on any machine.
    await notification.start({ TELEGRAM_MESSAGES_PER_SECOND: '10' });
    for (const [name, locale] of [
      ['Admin', 'en'],
      ['Anna', 'en'],
      ['Boris', 'ru'],
      ['Chen', 'zh'],
      ['Dora', 'en'],
    ] as const)
      people[name] = await notification.meet(name, locale);
    const { userId } = person('Anna');
    const startedAt = new Date().toISOString();
    const period = { kind: 'formal', plan: 'month', started_at: startedAt, invite_code_id: 1, renewal: true } as const;
    await notification.publish(MembershipStarted, {
      ...period,
      user_id: userId,
      expires_at: new Date(Date.now() + 24 * hourMs).toISOString(),
    });
    await notification.publish(GroupMemberChanged, {
      group_id: 7,
      chat_id: '-7',
      telegram_id: String(person('Boris').member.id),
      user_id: person('Boris').userId,
      standing: 'in',
      previous: null,
      source: 'chat_member',
      at: startedAt,
    });
  });
  afterAll(() => notification.stop());

  it('N-10: shows whom a segment reaches, and in which language', async () => {
    const all = await preview(await create());
    expect(all).toMatchObject({ recipients: 5, left_out: 0, unreachable: 0, minutes: 1 });
    expect(all.by_locale).toEqual([
      { locale: 'en', members: 3, reads: 'en' },
      { locale: 'ru', members: 1, reads: 'ru' },
      { locale: 'zh', members: 1, reads: 'en' },
    ]);
    expect(all.messages).toEqual([
      { locale: 'en', html: 'Hello &lt;all&gt;!' },
      { locale: 'ru', html: 'Всем привет!' },
    ]);
    const reach = async (change: Partial<InputOf<typeof CreateBroadcast>>) =>
      (await preview(await create(change))).recipients;
    expect(await reach({ fallback: null })).toBe(4);
    expect(await reach({ segment: { membership: ['formal'] } })).toBe(1);
    expect(await reach({ segment: { membership: ['none', 'trial'] } })).toBe(4);
    expect(await reach({ segment: { membership: ['expired', 'permanent'] } })).toBe(0);
    expect(await reach({ segment: { group_id: 7 } })).toBe(1);
    expect(await reach({ segment: { group_id: 7, locales: ['en', 'zh'] } })).toBe(0);
    expect(await reach({ segment: { active_within_days: 1 } })).toBe(5);
  });

  it('N-10: refuses what makes no sense, and lets members do nothing', async () => {
    const refusal = (work: Promise<unknown>, errorName: string) => expect(work).rejects.toMatchObject({ errorName });
    await refusal(create({ texts: {} }), 'broadcast.no_text');
    await refusal(create({ fallback: 'zh' }), 'broadcast.fallback_without_text');
    await refusal(client().command(CreateBroadcast, draft, memberCall(2)), 'auth.forbidden');
    await refusal(get(999_999), 'broadcast.not_found');
    const id = await create();
    await refusal(confirm(id, { recipients: 500 }), 'broadcast.audience_changed');
    await refusal(steer(id, 'pause'), 'broadcast.wrong_state');
    const nobody = await create({ segment: { membership: ['permanent'] } });
    await refusal(confirm(nobody), 'broadcast.nobody');
    const past = await create({ starts_at: new Date(Date.now() - 48 * hourMs).toISOString() });
    await refusal(confirm(past), 'broadcast.too_late');
    await steer(id, 'cancel');
    await refusal(client().command(ChangeBroadcast, { id, title: 'New' }, admin), 'broadcast.wrong_state');
  });

  it('B-04: goes to the admin alone as a test, then to everybody once, in their language', async () => {
    const id = await create({ texts: { en: 'Come on Saturday', ru: 'Приходите в субботу' } });
    await client().command(TestBroadcast, { id }, admin);
    await eventually(() => expect(textsTo('Admin').sort()).toEqual(['Come on Saturday', 'Приходите в субботу']));
    expect(textsTo('Anna')).not.toContain('Come on Saturday');
    await confirm(id);
    await expect(confirm(id)).rejects.toMatchObject({ errorName: 'broadcast.wrong_state' });
    await eventually(async () => expect((await get(id)).status).toBe('finished'), { timeoutMs: 30_000 });
    expect((await get(id)).progress).toEqual({
      recipients: 5,
      written: 5,
      left_out: 0,
      waiting: 0,
      sent: 5,
      failed: 0,
      cancelled: 0,
    });
    for (const name of ['Anna', 'Chen', 'Dora'])
      expect(textsTo(name).filter((text) => text === 'Come on Saturday')).toHaveLength(1);
    expect(textsTo('Boris').filter((text) => text === 'Приходите в субботу')).toHaveLength(1);
    expect(await client().query(ListBroadcasts, { status: 'finished' }, admin)).toMatchObject({ total: 1 });
  });

  it('N-10: waits while it is paused, goes on where it was, and stops when it is cancelled', async () => {
    const crowd = await Promise.all(Array.from({ length: 60 }, (_, index) => notification.meet(`C${index}`, 'zh')));
    const id = await create({ texts: { zh: '大家好' }, fallback: null, segment: { locales: ['zh'] } });
    await confirm(id);
    const sent = async () => (await get(id)).progress.sent;
    await eventually(async () => expect(await sent()).toBeGreaterThan(3));
    await steer(id, 'pause');
    await eventually(async () => expect((await rowsOf(id)).filter(({ status }) => status === 'sending')).toEqual([]));
    const before = await sent();
    expect(before).toBeLessThan(61);
    const other = await notification.meet('Urgent', 'en');
    await notification.publish(MembershipStarted, {
      user_id: other.userId,
      kind: 'permanent',
      plan: 'permanent',
      started_at: new Date().toISOString(),
      expires_at: null,
      invite_code_id: 1,
      renewal: false,
    });
    await eventually(() => expect(notification.textsTo(other.member)).toHaveLength(1));
    expect(await sent()).toBe(before);
    await steer(id, 'resume');
    await eventually(async () => expect(await sent()).toBeGreaterThan(before));
    await steer(id, 'cancel');
    await eventually(async () => {
      const { status, progress } = await get(id);
      expect([status, progress.waiting]).toEqual(['cancelled', 0]);
      expect(progress.sent + progress.cancelled).toBe(progress.written);
    });
    for (const { member } of crowd) {
      expect(notification.textsTo(member).filter((text) => text === '大家好').length).toBeLessThanOrEqual(1);
    }
  });

  it('N-10: begins at its time, and leaves out whoever it has not reached in time', async () => {
    const startsAt = new Date(Date.now() + 2 * hourMs).toISOString();
    const id = await create({ starts_at: startsAt, skip_after_minutes: 60, segment: { locales: ['ru'] } });
    expect((await confirm(id)).status).toBe('scheduled');
    const late = await create({ starts_at: startsAt, skip_after_minutes: 60, segment: { locales: ['ru'] } });
    await confirm(late);
    await steer(late, 'pause');
    notification.pass(2 * hourMs + 60_000);
    await eventually(async () => expect((await get(id)).status).toBe('finished'), { timeoutMs: 30_000 });
    notification.pass(2 * hourMs);
    await eventually(async () => expect((await get(late)).status).toBe('expired'));
    expect((await get(late)).progress).toMatchObject({ sent: 0, waiting: 0 });
  });

  it('N-09: leaves out who blocked the bot, and writes again to who came back', async () => {
    const { userId, member } = await notification.meet('Shy', 'ru');
    const metAt = Date.now();
    const reach = (reachable: boolean, afterMs: number) =>
      client().command(
        RecordReach,
        { telegram_id: String(member.id), reachable, at: new Date(metAt + afterMs).toISOString() },
        bot,
      );
    expect(await reach(false, 0)).toEqual({ changed: true });
    expect(await preview(await create({ segment: { locales: ['ru'] } }))).toMatchObject({
      recipients: 1,
      unreachable: 1,
    });
    expect(await reach(true, -10_000)).toEqual({ changed: false });
    expect(await reach(true, 5_000)).toEqual({ changed: true });
    expect(await reach(false, 1_000)).toEqual({ changed: false });
    expect(await preview(await create({ segment: { locales: ['ru'] } }))).toMatchObject({ recipients: 2 });
    expect(userId).toBeGreaterThan(0);
    await expect(
      client().command(RecordReach, { telegram_id: '1', reachable: true, at: new Date().toISOString() }, admin),
    ).rejects.toMatchObject({ errorName: 'auth.forbidden' });
  });

  it('B-04: every step is told, for the audit log', async () => {
    // One of the two is told to wait, so that it cannot be over before it is cancelled.
    const chatId = person('Boris').member.id;
    notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 600, chatId });
    const id = await create({ title: 'Told' });
    await client().command(ChangeBroadcast, { id, title: 'Told again', segment: { locales: ['ru'] } }, admin);
    await confirm(id);
    await steer(id, 'cancel');
    await eventually(() => {
      const steps = notification.eventsOf(BroadcastChanged).filter(({ broadcast_id }) => broadcast_id === id);
      expect(steps.map(({ previous, status }) => [previous, status])).toEqual([
        [null, 'draft'],
        ['draft', 'draft'],
        ['draft', 'sending'],
        ['sending', 'cancelled'],
      ]);
    });
  });

  it('U-15: what is heard after an erasure makes nobody known again', async () => {
    const user_id = 5_000;
    const who = { user_id, first_name: 'Gone', locale: 'en', telegram_id: '75000' } as const;
    await notification.publish(UserStatusChanged, { user_id, status: 'erased', previous: 'active', reason: null });
    await notification.publish(UserCreated, { ...who, kind: 'person' });
    await notification.publish(UserChanged, { ...who, role: 'member' });
    await notification.publish(EmailUnbound, { user_id, email: 'gone@example.org', reason: 'undo_link' });
    await notification.publish(MembershipGranted, {
      ...{ user_id, kind: 'formal', plan: 'month', days: 30, granted_by: 1, reason: 'helped', renewal: false },
      started_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + hourMs).toISOString(),
    });
    await notification.wish(user_id, { check_in: true, membership: true });
    await notification.publish(GroupMemberChanged, {
      ...{ group_id: 7, chat_id: '-7', telegram_id: who.telegram_id, user_id, standing: 'in', previous: null },
      source: 'chat_member',
      at: new Date().toISOString(),
    });
    const { reader } = notification.database;
    expect(await reader.query('SELECT user_id FROM contacts WHERE user_id = ?', [user_id])).toEqual([]);
    expect(await notification.deliveries(user_id)).toEqual([]);
    const groups = 'SELECT group_id FROM contact_groups WHERE telegram_id = ?';
    expect(await reader.query(groups, [who.telegram_id])).toEqual([]);
  });

  it('N-10, U-01: leaves out who is banned, whose deletion is pending and who is erased, until they are active again', async () => {
    const id = await create();
    const { userId } = await notification.meet('Eve', 'en');
    const everybody = (await preview(id)).recipients;
    // All in one millisecond: then the order in which they came decides.
    const occurredAt = new Date();
    const become = (status: UserStatus, previous: UserStatus): Promise<string> =>
      notification.publish(UserStatusChanged, { user_id: userId, status, previous, reason: null }, { occurredAt });
    const reaches = (recipients: number) =>
      eventually(async () => expect((await preview(id)).recipients).toBe(recipients));
    await become('banned', 'active');
    await reaches(everybody - 1);
    await become('active', 'banned');
    await reaches(everybody);
    await become('deletion_pending', 'active');
    await reaches(everybody - 1);
    await become('active', 'deletion_pending');
    await reaches(everybody);
  });
});
