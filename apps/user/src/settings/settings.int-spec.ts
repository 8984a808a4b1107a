import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ChangeLocale,
  ChangeSettings,
  GetSettings,
  MeetUser,
  ProfileCompleted,
  UserChanged,
  UserSettingsChanged,
  type InputOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { startUserHost, visitor } from '../user-host.fixture.js';

const whole = {
  nickname: 'Ada',
  avatar_url: 'https://example.org/ada.png',
  timezone: 'Europe/Moscow',
  birthday: '2000-02-29',
  region: { country: 'RU', province: 'RU-MOW', city: 'Москва' },
};

onEachDatabase('profile and settings', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await startUserHost(engine);
  });
  afterAll(() => host.stop());

  async function person(telegramId: string): Promise<number> {
    const input = { telegram_id: telegramId, first_name: 'Ada from Telegram', language_code: 'en' };
    return (await host.client.command(MeetUser, input, visitor)).profile.id;
  }
  const change = (id: number, wish: InputOf<typeof ChangeSettings>, idempotencyKey?: string) =>
    host.client.command(ChangeSettings, wish, memberCall(id), { idempotencyKey });
  const settings = (id: number) => host.client.query(GetSettings, {}, memberCall(id));
  const told = (id: number) => host.payloadsOf(UserSettingsChanged).filter(({ user_id }) => user_id === id);

  it('U-11: starts with what the community has, and nothing of one’s own', async () => {
    expect(await settings(await person('1'))).toEqual({
      nickname: null,
      avatar_url: null,
      locale: 'en',
      timezone: 'Asia/Shanghai',
      birthday: null,
      region: { country: null, province: null, city: null },
      show_in_leaderboards: true,
      reminders: { check_in: false, check_in_at: '09:00', membership: true },
      completion: {
        percent: 0,
        missing: ['nickname', 'avatar_url', 'timezone', 'birthday', 'country', 'city'],
        completed_at: null,
      },
    });
  });

  it('U-11: changes what is named, tells it with a version, and says nothing when nothing is new', async () => {
    const id = await person('2');
    const first = await change(id, { show_in_leaderboards: false, region: { country: 'cn', province: 'cn-sh' } });
    expect(first).toMatchObject({
      show_in_leaderboards: false,
      region: { country: 'CN', province: 'CN-SH', city: null },
    });
    await change(id, { show_in_leaderboards: false });
    const last = await change(id, { nickname: 'Sakura', locale: 'ru', reminders: { check_in: true } });
    expect(await settings(id)).toEqual(last);
    await eventually(() => {
      expect(told(id).map(({ version, changed, display_name }) => ({ version, changed, display_name }))).toEqual([
        { version: 1, changed: ['country', 'province', 'show_in_leaderboards'], display_name: 'Ada from Telegram' },
        { version: 2, changed: ['nickname', 'remind_check_in', 'locale'], display_name: 'Sakura' },
      ]);
      expect(host.payloadsOf(UserChanged)).toContainEqual(expect.objectContaining({ user_id: id, locale: 'ru' }));
    });
    await host.client.command(ChangeLocale, { locale: 'zh' }, memberCall(id));
    await eventually(() => expect(told(id).at(-1)).toMatchObject({ version: 3, locale: 'zh', changed: ['locale'] }));
  });

  it('U-11: a profile is complete for the first time once, however many complete it at once', async () => {
    const id = await person('3');
    await change(id, { ...whole, birthday: null });
    const views = await Promise.all(
      Array.from({ length: 30 }, (_, index) => change(id, { ...whole, nickname: `Ada ${index}` })),
    );
    expect(views.every(({ completion }) => completion.percent === 100 && completion.completed_at !== null)).toBe(true);
    await change(id, { birthday: null });
    await change(id, { birthday: whole.birthday });
    await eventually(() => expect(told(id)).toHaveLength(33));
    expect(told(id).map(({ version }) => version)).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
    expect(host.payloadsOf(ProfileCompleted).filter(({ user_id }) => user_id === id)).toHaveLength(1);
  });

  it('U-11: the same wish under one key counts once; wrong ones change nothing', async () => {
    const id = await person('4');
    const keyed = await Promise.all(Array.from({ length: 10 }, () => change(id, { nickname: 'Once' }, 'key-of-four')));
    expect(new Set(keyed.map(({ nickname }) => nickname))).toEqual(new Set(['Once']));
    const refusals: [InputOf<typeof ChangeSettings>, string][] = [
      [{ nickname: '\u202e' }, 'profile.nickname_not_allowed'],
      [{ avatar_url: 'http://example.org' }, 'profile.avatar_not_allowed'],
      [{ timezone: '+03:00' }, 'profile.timezone_unknown'],
      [{ birthday: '2999-01-01' }, 'profile.birthday_impossible'],
      [{ nickname: 'Lost', region: { city: 'Nowhere' } }, 'profile.region_unknown'],
      [{ birthday: '2001-02-29' }, 'request.invalid'],
    ];
    for (const [wish, errorName] of refusals) {
      await expect(change(id, wish)).rejects.toMatchObject({ errorName });
    }
    expect((await settings(id)).nickname).toBe('Once');
    await eventually(() => expect(told(id)).toHaveLength(1));
    await expect(change(999_999, { nickname: 'Nobody' })).rejects.toMatchObject({ errorName: 'user.not_found' });
  });
});
