import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AppError,
  ChangeLocale,
  FindUserByTelegram,
  GetProfile,
  MeetUser,
  RefreshSession,
  SessionEnded,
  SessionRefreshed,
  SignInForDevelopment,
  SignInWithTelegram,
  SignOut,
  UserChanged,
  UserCreated,
} from '#contracts';
import { eventually } from '#testing';
import { BotEmulator } from '#testing/bot-emulator';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { startUserHost, visitor } from '../user-host.fixture.js';

const token = ['700001', 'token-of-this-test'].join(':');

onEachDatabase('users and sessions', (engine) => {
  let host: ServiceHost;
  const emulator = new BotEmulator({ token });
  beforeAll(async () => {
    host = await startUserHost(engine, {
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_ADMIN_ID: '900',
    });
  });
  afterAll(() => host.stop());
  const meet = (telegramId: string, firstName = 'Ada') =>
    host.client.command(MeetUser, { telegram_id: telegramId, first_name: firstName, language_code: 'ru-RU' }, visitor);
  const signIn = (telegramId: string) =>
    host.client.command(SignInForDevelopment, { telegram_id: telegramId, first_name: 'Ada' }, visitor);
  const refresh = (refreshToken: string) =>
    host.client.command(RefreshSession, { refresh_token: refreshToken }, visitor);

  it('U-01: the first contact makes the user once, however many come at once', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => meet('101')));
    expect(new Set(all.map(({ profile }) => profile.id)).size).toBe(1);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    const [first] = all;
    expect(first?.profile).toMatchObject({
      telegram_id: '101',
      locale: 'ru',
      role: 'member',
      status: 'active',
      points: 0,
    });
    await eventually(() =>
      expect(host.payloadsOf(UserCreated).filter(({ telegram_id }) => telegram_id === '101')).toHaveLength(1),
    );
  });

  it('U-01: a later contact refreshes the name and keeps the chosen language', async () => {
    const { profile } = await meet('102');
    await host.client.command(ChangeLocale, { locale: 'zh' }, memberCall(profile.id));
    const again = await meet('102', 'Ada Lovelace');
    expect(again).toMatchObject({ created: false, profile: { first_name: 'Ada Lovelace', locale: 'zh' } });
    expect((await host.client.query(FindUserByTelegram, { telegram_id: '102' }, visitor)).profile.first_name).toBe(
      'Ada Lovelace',
    );
    await eventually(() =>
      expect(host.payloadsOf(UserChanged).filter(({ user_id }) => user_id === profile.id)).toHaveLength(2),
    );
  });

  it('U-13: the configured admin is super_admin from the first contact', async () => {
    expect((await meet('900')).profile.role).toBe('super_admin');
    expect((await meet('901')).profile.role).toBe('member');
  });

  it('U-14: exchanges init data signed by Telegram, and refuses any other', async () => {
    const member = emulator.member({ id: 555, first_name: 'Боб', language_code: 'ru' });
    const tokens = await host.client.command(SignInWithTelegram, { init_data: emulator.initData(member.id) }, visitor);
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      user: { telegram_id: '555', first_name: 'Боб' },
    });
    const forged = emulator.initData(member.id).replace('555', '556');
    await expect(host.client.command(SignInWithTelegram, { init_data: forged }, visitor)).rejects.toMatchObject({
      errorName: 'auth.init_data_invalid',
    });
    const old = emulator.initData(member.id, { authDate: Math.floor(Date.now() / 1000) - 7200 });
    await expect(host.client.command(SignInWithTelegram, { init_data: old }, visitor)).rejects.toMatchObject({
      errorName: 'auth.init_data_stale',
    });
  });

  it('U-14: rotates refresh tokens; an old one that comes back later ends the whole session', async () => {
    const first = await signIn('201');
    const second = await refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    // Within the grace a lost answer may be asked for again: it is the same answer.
    expect((await refresh(first.refresh_token)).refresh_token).toBe(second.refresh_token);
    await host.moveClock(11_000);
    await expect(refresh(first.refresh_token)).rejects.toMatchObject({ errorName: 'auth.refresh_token_reused' });
    await expect(refresh(second.refresh_token)).rejects.toMatchObject({ errorName: 'auth.refresh_token_invalid' });
    await eventually(() => {
      expect(host.payloadsOf(SessionEnded)).toContainEqual(
        expect.objectContaining({ user_id: first.user.id, reason: 'token_reuse' }),
      );
    });
    await host.moveClock(0);
  });

  it('U-14: fifty refreshes at once are one rotation; a parent that comes after its successor was used is a thief’s', async () => {
    const first = await signIn('211');
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(first.refresh_token)));
    const [successor = ''] = new Set(answers.map(({ refresh_token }) => refresh_token));
    expect(answers.every(({ refresh_token }) => refresh_token === successor)).toBe(true);
    await eventually(() => {
      const rotations = host.payloadsOf(SessionRefreshed).filter(({ user_id }) => user_id === first.user.id);
      expect(rotations).toHaveLength(1);
    });
    await refresh(successor);
    await expect(refresh(first.refresh_token)).rejects.toMatchObject({ errorName: 'auth.refresh_token_reused' });
  });

  it('U-14: logout ends the session and says the same of tokens nobody knows', async () => {
    const { refresh_token } = await signIn('202');
    expect(await host.client.command(SignOut, { refresh_token }, visitor)).toEqual({ signed_out: true });
    expect(await host.client.command(SignOut, { refresh_token: 'n'.repeat(43) }, visitor)).toEqual({
      signed_out: true,
    });
    await expect(refresh(refresh_token)).rejects.toMatchObject({ errorName: 'auth.refresh_token_invalid' });
  });

  it('U-14: a session ends by age, whatever was refreshed', async () => {
    let { refresh_token } = await signIn('203');
    for (const days of [29, 58, 87]) {
      await host.moveClock(days * 86_400_000);
      ({ refresh_token } = await refresh(refresh_token));
    }
    await host.moveClock(91 * 86_400_000);
    await expect(refresh(refresh_token)).rejects.toMatchObject({ errorName: 'auth.refresh_token_invalid' });
    await host.moveClock(0);
  });

  it('keeps no token readable: neither in its tables nor in what it remembers', async () => {
    const { refresh_token } = await signIn('204');
    for (const table of ['refresh_tokens', 'sessions', 'inbox', 'outbox']) {
      const rows = await host.database.reader.query(`SELECT * FROM ${table}`);
      expect(JSON.stringify(rows)).not.toContain(refresh_token);
    }
  });

  it('refuses a profile without a user', async () => {
    await expect(host.client.query(GetProfile, {}, memberCall(999_999))).rejects.toBeInstanceOf(AppError);
  });
});
