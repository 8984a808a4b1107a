import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CheckedIn,
  EmailBound,
  EmailUnbound,
  EmailVerificationRefused,
  ListDeliveries,
  MembershipStarted,
  UserChanged,
  UserCreated,
  type Call,
  type EventContract,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';

const membership = { plan: 'trial', started_at: '2026-03-01T00:00:00.000Z', invite_code_id: 1 } as const;
const admin: Call = {
  request_id: 'test',
  actor: { kind: 'user', user_id: 1, role: 'admin', permissions: ['delivery.read'] },
  channel: 'rest',
  locale: 'en',
};

function checkIn(userId: number, changes: object = {}) {
  const facts = {
    check_in_id: 1,
    day: '2026-03-01',
    points: 10,
    bonuses: [],
    streak_days: 3,
    total_days: 3,
    balance: 21,
  };
  return { ...facts, user_id: userId, channel: 'rest' as const, ...changes };
}

function bound(userId: number) {
  const undo = {
    identity_hash: 'a'.repeat(64),
    undo_token: 'undo-token-of-this-test',
    undo_expires_at: new Date(Date.now() + 86_400_000).toISOString(),
  };
  return { user_id: userId, verification_id: 'v1', email: 'aki@example.org', ...undo };
}

onEachDatabase('telling members', ({ place }) => {
  const notification = new NotificationPlace(place);

  beforeAll(() => notification.start());
  afterAll(() => notification.stop());

  async function thrice<Contract extends EventContract>(
    contract: Contract,
    payload: Parameters<typeof notification.publish<Contract>>[1],
  ) {
    const id = await notification.publish(contract, payload);
    await notification.publish(contract, payload, { id });
    // Even an inbox that has forgotten the event does not make a second message of it.
    await notification.database.transaction((tx) => tx.execute('DELETE FROM inbox WHERE message_id = ?', [id]));
    await notification.publish(contract, payload, { id });
  }

  async function templatesOf(userId: number): Promise<string[]> {
    return (await notification.deliveries(userId)).map(({ channel, template }) => `${channel} ${template}`);
  }

  it('makes each delivery once, though its event comes three times', async () => {
    const { userId } = await notification.meet('Aki');
    await thrice(MembershipStarted, {
      ...membership,
      user_id: userId,
      kind: 'trial',
      expires_at: '2026-03-08T12:00:00.000Z',
    });
    await thrice(EmailBound, bound(userId));
    await thrice(EmailUnbound, { user_id: userId, email: 'aki@example.org', reason: 'undo_link' });
    await thrice(EmailVerificationRefused, {
      user_id: userId,
      verification_id: 'v',
      email: 'a***@example.org',
      reason: 'stale',
    });
    await thrice(CheckedIn, checkIn(userId));
    expect(await templatesOf(userId)).toEqual([
      'telegram welcome',
      'telegram email_bound',
      'email email_bound_mail',
      'telegram email_unbound',
      'telegram email_refused',
      'telegram check_in_receipt',
    ]);
  });

  it('answers in the language that the member speaks with the bot, before the choice itself has been heard of', async () => {
    const { userId, member } = await notification.meet('Ru');
    const started = { ...membership, user_id: userId, kind: 'permanent', expires_at: null } as const;
    const actor = { kind: 'user', user_id: userId, role: 'member' } as const;
    await notification.publish(MembershipStarted, started, { channel: 'bot', actor, locale: 'ru' });
    await eventually(() => expect(notification.textsTo(member).join()).toContain('Ваше членство бессрочное'));
    // What was said before the latest choice changes nothing, and the choice itself was made in the language of before.
    const chosen = { user_id: userId, first_name: 'Ru', locale: 'zh', role: 'member' } as const;
    const later = { occurredAt: new Date(Date.now() + 60_000) };
    await notification.publish(UserChanged, chosen, { channel: 'bot', actor, locale: 'ru', ...later });
    await notification.publish(CheckedIn, checkIn(userId), { channel: 'bot', actor, locale: 'ru' });
    await notification.publish(CheckedIn, checkIn(userId), { channel: 'rest', actor, locale: 'ru' });
    await eventually(() => expect(notification.textsTo(member).join()).toContain('签到成功'));
  });

  it('sends them, tells of each end once, and forgets what the message said', async () => {
    const { userId, member } = await notification.meet('Bo');
    await thrice(
      CheckedIn,
      checkIn(userId, {
        points: 130,
        bonuses: [
          { streak_days: 210, points: 20 },
          { streak_days: 210, points: 100 },
        ],
      }),
    );
    await eventually(() => expect(notification.textsTo(member)).toHaveLength(2));
    await eventually(async () => {
      const rows = await notification.deliveries(userId);
      expect(rows.map(({ status, attempts, params }) => ({ status, attempts, params }))).toEqual([
        { status: 'sent', attempts: 1, params: '{}' },
        { status: 'sent', attempts: 1, params: '{}' },
      ]);
      const told = notification.settled.filter(({ user_id }) => user_id === userId);
      expect(told.map(({ template, outcome }) => `${template} ${outcome}`).sort()).toEqual([
        'check_in_receipt sent',
        'streak_bonus sent',
      ]);
    });
    expect(notification.textsTo(member).join()).toContain('bonus of 120 points');
  });

  it('sends no receipt for a check-in through the bot, but the bonus', async () => {
    const { userId } = await notification.meet('Chen');
    await notification.publish(CheckedIn, checkIn(userId, { channel: 'bot' }));
    expect(await templatesOf(userId)).toEqual([]);
    await notification.publish(
      CheckedIn,
      checkIn(userId, { channel: 'bot', bonuses: [{ streak_days: 7, points: 20 }] }),
    );
    expect(await templatesOf(userId)).toEqual(['telegram streak_bonus']);
  });

  it('speaks the language of the moment, with its plurals, and shows names as they are', async () => {
    const { userId, member } = await notification.meet('<b>Рин</b> & {name} $t(errors)', 'zh');
    await notification.publish(UserChanged, {
      user_id: userId,
      first_name: member.user.first_name,
      locale: 'ru',
      role: 'member',
    });
    await notification.publish(CheckedIn, checkIn(userId, { points: 22, streak_days: 5, balance: 101 }));
    const receipt = await member.waitForMessage(/Отметка засчитана/);
    expect(receipt.text).toBe('✅ Отметка засчитана: +22 балла\n🔥 Серия: 5 дней\n💰 Баланс: 101 балл');
    await notification.publish(MembershipStarted, {
      ...membership,
      user_id: userId,
      kind: 'permanent',
      expires_at: null,
    });
    const welcome = await member.waitForMessage(/Добро пожаловать/);
    expect(welcome.text).toContain('<b>Рин</b> & {name} $t');
  });

  it('says why a mail was refused, also for a reason it does not know', async () => {
    const { userId, member } = await notification.meet('Dana', 'zh');
    const refused = { user_id: userId, verification_id: 'v', email: 'd***@example.org' };
    await notification.publish(EmailVerificationRefused, { ...refused, reason: 'wrong_code' });
    await notification.publish(EmailVerificationRefused, { ...refused, reason: 'never_heard_of' });
    await eventually(() => expect(notification.textsTo(member)).toHaveLength(2));
    const [first, second] = notification.textsTo(member);
    expect(first).toContain('d***@example.org');
    expect(first).toContain('验证码不正确');
    expect(second).toContain('请联系管理员');
  });

  it('waits for a contact that comes after its delivery', async () => {
    const { userId, member } = await notification.meetUnknown('Emi');
    await notification.publish(CheckedIn, checkIn(userId));
    await eventually(async () =>
      expect(await notification.deliveries(userId)).toMatchObject([
        { status: 'pending', last_error: 'contact_unknown', attempts: 0 },
      ]),
    );
    await notification.publish(UserChanged, { user_id: userId, first_name: 'Emi', locale: 'ru', role: 'member' });
    await notification.introduce(userId, member, 'ru');
    await member.waitForMessage(/Отметка засчитана/);
  });

  it('does not let an older event overwrite a newer one', async () => {
    const { userId, member } = await notification.meetUnknown('Fox');
    const changed = { user_id: userId, role: 'member' } as const;
    const at = (minute: number) => ({ occurredAt: new Date(Date.UTC(2026, 0, 1, 0, minute)) });
    await notification.publish(UserChanged, { ...changed, first_name: 'New', locale: 'ru' }, at(3));
    await notification.publish(UserChanged, { ...changed, first_name: 'Old', locale: 'zh' }, at(2));
    await notification.publish(EmailUnbound, { user_id: userId, email: 'a@example.org', reason: 'undo_link' }, at(5));
    await notification.publish(EmailBound, bound(userId), at(4));
    const profile = { telegram_id: String(member.id), kind: 'person', first_name: 'Oldest', locale: 'en' } as const;
    await notification.publish(UserCreated, { ...profile, user_id: userId }, at(1));
    expect(await notification.database.reader.one('SELECT * FROM contacts WHERE user_id = ?', [userId])).toMatchObject({
      telegram_id: String(member.id),
      first_name: 'New',
      locale: 'ru',
      email: null,
    });
  });

  it('lists deliveries for admins only', async () => {
    const { userId } = await notification.meet('Gil');
    await notification.publish(CheckedIn, checkIn(userId));
    const { client } = notification.service.runtime;
    await eventually(async () => {
      const page = await client.query(ListDeliveries, { user_id: userId, status: 'sent' }, admin);
      expect(page).toMatchObject({
        total: 1,
        items: [{ channel: 'telegram', template: 'check_in_receipt', attempts: 1 }],
      });
      expect(page.items[0]?.sent_at).not.toBeNull();
    });
    const member: Call = { ...admin, actor: { kind: 'user', user_id: userId, role: 'member' } };
    await expect(client.query(ListDeliveries, {}, member)).rejects.toMatchObject({ errorName: 'auth.forbidden' });
  });

  it('counts what is sent and what waits', async () => {
    const text = await notification.service.runtime.metrics.registry.metrics();
    expect(text).toMatch(/coser_deliveries_total\{channel="telegram",outcome="sent",service="notification"\} [1-9]/);
    expect(text).toMatch(/coser_deliveries_pending\{channel="email",service="notification"\} \d/);
  });
});
