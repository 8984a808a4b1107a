import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  BanUser,
  FindUserByTelegram,
  GetDeletion,
  RequestDeletion,
  RestoreAccount,
  SignInWithTelegram,
  UnbanUser,
  type Role,
} from '#contracts';
import { eventually } from '#testing';
import { BotEmulator } from '#testing/bot-emulator';
import { onEachDatabase } from '#testing/engines';
import { refusalOf } from '#testing/refusal.name';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { userStatuses } from '../identity/profile.rules.js';
import { personOf, startUserHost, visitor } from '../user-host.fixture.js';

const token = ['700002', 'token-of-this-test'].join(':');
const reason = 'wanted by the test';

onEachDatabase('bans and deletions', (engine) => {
  let host: ServiceHost;
  const emulator = new BotEmulator({ token });
  beforeAll(async () => {
    host = await startUserHost(engine, {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_ADMIN_ID: '900',
      ERASURE_INTERVAL_MS: '86400000',
    });
  });
  afterAll(() => host.stop());

  const ban = (by: number, byRole: Role, user_id: number) =>
    host.client.command(BanUser, { user_id, reason }, banner(by, byRole));
  const unban = (by: number, byRole: Role, user_id: number) =>
    host.client.command(UnbanUser, { user_id, reason }, banner(by, byRole));
  /** A ban of which the door has not heard yet: for up to a second what its owner asks for comes as far as the rules. */
  const banUnheard = (userId: number) =>
    host.database.transaction((tx) =>
      tx.execute('UPDATE users SET status = ? WHERE id = ?', [userStatuses.banned, userId]),
    );
  const statusOf = async (telegram_id: string): Promise<string | undefined> =>
    (await host.client.query(FindUserByTelegram, { telegram_id }, callOf({ kind: 'system', name: 'test' }))).profile
      ?.status;

  it('U-01: lifts no ban of one’s own, and none of an admin but as super_admin', async () => {
    const [owner, admin, other] = [
      await personOf(host, '900'),
      await personOf(host, '11', 'admin'),
      await personOf(host, '12', 'admin'),
    ];
    await banUnheard(admin);
    expect(await refusalOf(unban(admin, 'admin', admin))).toBe('role.above_own');
    expect(await refusalOf(unban(other, 'admin', admin))).toBe('role.above_own');
    expect(await unban(owner, 'super_admin', admin)).toMatchObject({ status: 'active' });
    const [first, second] = [await personOf(host, '13', 'operator'), await personOf(host, '14', 'operator')];
    expect(await refusalOf(ban(first, 'operator', second))).toBe('user.cannot_be_banned');
    await banUnheard(second);
    expect(await refusalOf(unban(first, 'operator', second))).toBe('role.above_own');
    expect(await refusalOf(unban(second, 'operator', second))).toBe('role.above_own');
    expect(await refusalOf(unban(other, 'admin', second))).toBe('none');
    await ban(admin, 'admin', second);
    expect(await refusalOf(unban(first, 'operator', second))).toBe('role.above_own');
    await ban(owner, 'super_admin', admin);
    // Once the door has heard of a ban, no rule is asked any more.
    for (const [banned, role] of [
      [admin, 'admin'],
      [second, 'operator'],
    ] as const)
      await eventually(async () => expect(await refusalOf(unban(banned, role, banned))).toBe('user.banned'));
  });

  it('U-01, U-15: asking for a deletion, or taking it back, lifts no ban', async () => {
    const [owner, early, late] = [await personOf(host, '900'), await personOf(host, '21'), await personOf(host, '22')];
    await ban(owner, 'super_admin', early);
    expect(await refusalOf(host.client.command(RequestDeletion, {}, memberCall(early)))).toBe('user.banned');
    expect(await statusOf('21')).toBe('banned');
    await host.client.command(RequestDeletion, {}, memberCall(late));
    await ban(owner, 'super_admin', late);
    expect(await refusalOf(host.client.command(RestoreAccount, {}, memberCall(late)))).toBe('user.banned');
    expect(await statusOf('22')).toBe('banned');
    expect(await unban(owner, 'super_admin', late)).toMatchObject({ status: 'deletion_pending' });
    // Who may ask again is known a second later.
    await eventually(async () =>
      expect(await host.client.command(RestoreAccount, {}, memberCall(late))).toEqual({ restored: true }),
    );
  });

  it('U-15: an erasure that has begun is neither stopped, nor joined by a ban, a sign-in or another wish', async () => {
    emulator.member({ id: 31, first_name: 'P31', language_code: 'ru' });
    const [owner, userId] = [await personOf(host, '900'), await personOf(host, '31')];
    await host.client.command(RequestDeletion, {}, memberCall(userId));
    await host.database.transaction((tx) =>
      tx.execute("UPDATE deletion_requests SET state = 'erasing' WHERE user_id = ?", [userId]),
    );
    const call = memberCall(userId);
    const signIn = { init_data: emulator.initData(31), device: null };
    const wishes = {
      delete: host.client.command(RequestDeletion, {}, call),
      restore: host.client.command(RestoreAccount, {}, call),
      ban: ban(owner, 'super_admin', userId),
      unban: unban(owner, 'super_admin', userId),
      signIn: host.client.command(SignInWithTelegram, signIn, visitor),
    };
    const outcomes = await Promise.all(
      Object.entries(wishes).map(async ([name, wish]) => [name, await refusalOf(wish)] as const),
    );
    expect(Object.fromEntries(outcomes)).toEqual({
      delete: 'user.being_erased',
      restore: 'user.no_deletion_pending',
      ban: 'user.being_erased',
      unban: 'user.being_erased',
      signIn: 'user.being_erased',
    });
    expect(await host.client.query(GetDeletion, {}, call)).toEqual({ requested_at: null, due_at: null });
    const row = await host.database.reader.one('SELECT state FROM deletion_requests WHERE user_id = ?', [userId]);
    expect(row).toEqual({ state: 'erasing' });
  });
});

/** Whoever may ban, whatever their role: permissions are data. */
function banner(userId: number, role: Role): ReturnType<typeof memberCall> {
  return callOf({ kind: 'user', user_id: userId, role, permissions: ['user.ban'], stepped_up: true });
}
