import { describe, expect, it } from 'vitest';
import { applySettings, changedFields, completionOf, nothingChosen, type SettingsWish } from './settings.rules.js';

const now = new Date('2026-03-01T12:00:00Z');

function outcome(wish: SettingsWish): unknown {
  const verdict = applySettings(nothingChosen, wish, now, 'Asia/Shanghai');
  return verdict.ok ? Object.fromEntries(changed(verdict.settings)) : verdict.error;
}

function changed(settings: typeof nothingChosen): [string, unknown][] {
  return changedFields(nothingChosen, settings).map((field) => [field, settings[field]]);
}

describe('a nickname (U-11)', () => {
  it.each([
    ['  Ada   Lovelace ', 'Ada Lovelace'],
    ['小樱', '小樱'],
    ['👩‍🎤', '👩‍🎤'],
    ['e\u0301lise', '\u00e9lise'],
    ['x'.repeat(32), 'x'.repeat(32)],
  ])('%j becomes %j', (typed, nickname) => expect(outcome({ nickname: typed })).toEqual({ nickname }));

  it.each(['', '   ', '...', 'x'.repeat(33), 'a\nb', 'a\u0000b', 'a\u202eb', '\u200b'])('%j is refused', (nickname) =>
    expect(outcome({ nickname })).toBe('profile.nickname_not_allowed'),
  );
});

describe('a picture (U-11)', () => {
  it.each(['https://example.org/a.png', 'https://cdn.example.org:8443/a?b=c#d', null])('%s is taken', (avatar_url) =>
    expect(outcome({ avatar_url })).toEqual(avatar_url === null ? {} : { avatar_url }),
  );

  it.each([
    'http://example.org/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'https://user:word@example.org/a.png',
    'https://localhost/a.png',
    'https://127.0.0.1/a.png',
    'https://[::1]/a.png',
    'https://2130706433/a.png',
    'https://example.org/a b.png',
    'example.org/a.png',
    '',
  ])('%s is refused', (avatar_url) => expect(outcome({ avatar_url })).toBe('profile.avatar_not_allowed'));
});

describe('a time zone (U-11)', () => {
  it.each([
    ['Asia/Shanghai', 'Asia/Shanghai'],
    ['europe/moscow', 'Europe/Moscow'],
    ['America/Argentina/Buenos_Aires', expect.stringContaining('Buenos_Aires')],
  ])('%s is %s', (typed, timezone) => expect(outcome({ timezone: typed })).toEqual({ timezone }));

  it.each(['', '+08:00', 'Mars/Base', 'Asia/Shang hai', '../etc/localtime'])('%j is refused', (timezone) =>
    expect(outcome({ timezone })).toBe('profile.timezone_unknown'),
  );
});

describe('a birthday (U-11)', () => {
  it.each(['2026-03-01', '2000-02-29', '1906-03-01'])('%s is possible', (birthday) =>
    expect(outcome({ birthday })).toEqual({ birthday }),
  );
  it.each(['2026-03-02', '1906-02-28', '0001-01-01'])('%s is not', (birthday) =>
    expect(outcome({ birthday })).toBe('profile.birthday_impossible'),
  );

  // 20:00 in UTC is the next morning in Shanghai.
  it.each([
    [undefined, '2026-03-02', true],
    [undefined, '2026-03-03', false],
    ['America/New_York', '2026-03-01', true],
    ['America/New_York', '2026-03-02', false],
    ['Pacific/Kiritimati', '2026-03-02', true],
  ])('is one until today in the time zone %s: %s', (timezone, birthday, isPossible) => {
    const late = new Date('2026-03-01T20:00:00Z');
    const wish = { birthday, ...(timezone !== undefined && { timezone }) };
    expect(applySettings(nothingChosen, wish, late, 'Asia/Shanghai').ok).toBe(isPossible);
  });

  it('stays, once it was taken, however old it has become and wherever its member has gone', () => {
    const before = { ...nothingChosen, birthday: '1900-01-01' };
    expect(applySettings(before, { nickname: 'Ada' }, now, 'Asia/Shanghai').ok).toBe(true);
    expect(applySettings(before, { birthday: '1900-01-02' }, now, 'Asia/Shanghai').ok).toBe(false);
  });
});

describe('a region (U-11)', () => {
  const region = (country: string | null, province: string | null, city: string | null) =>
    outcome({ region: { country, province, city } });

  it('is kept by its codes and one spelling', () => {
    expect(region('cn', 'cn-sh', '  ｓhanghai ')).toEqual({ country: 'CN', province: 'CN-SH', city: 'Shanghai' });
    expect(region('RU', null, 'санкт-петербург')).toEqual({ country: 'RU', city: 'Санкт-Петербург' });
    expect(region('CN', null, '上海')).toEqual({ country: 'CN', city: '上海' });
    expect(region(null, null, null)).toEqual({});
  });

  it.each<[string | null, string | null, string | null, string]>([
    ['XX', null, null, 'country'],
    ['', null, null, 'country'],
    ['CN', 'RU-MOW', null, 'province'],
    ['CN', 'CN-ZZ', null, 'province'],
    [null, 'CN-SH', null, 'province'],
    [null, null, 'Shanghai', 'city'],
    ['CN', null, '<b>', 'city'],
    ['CN', null, '   ', 'city'],
    ['CN', null, 'x'.repeat(65), 'city'],
  ])('%s %s %s: the %s is wrong', (country, province, city, part) => {
    expect(applySettings(nothingChosen, { region: { country, province, city } }, now, 'Asia/Shanghai')).toEqual({
      ok: false,
      error: 'profile.region_unknown',
      part,
    });
  });
});

describe('settings (U-11)', () => {
  it('stay where nothing is said, and are taken away by null', () => {
    const verdict = applySettings(
      { ...nothingChosen, nickname: 'Ada', birthday: '2000-01-01', remind_check_in: true },
      { nickname: null, show_in_leaderboards: false, reminders: { check_in_at: '21:30' } },
      now,
      'Asia/Shanghai',
    );
    expect(verdict.ok && changed(verdict.settings)).toEqual([
      ['birthday', '2000-01-01'],
      ['show_in_leaderboards', false],
      ['remind_check_in', true],
      ['remind_check_in_at', '21:30'],
    ]);
  });

  it('say how complete the profile is', () => {
    expect(completionOf(nothingChosen).percent).toBe(0);
    const half = { ...nothingChosen, nickname: 'Ada', timezone: 'Asia/Shanghai', country: 'CN' };
    expect(completionOf(half)).toEqual({ percent: 50, missing: ['avatar_url', 'birthday', 'city'] });
    const whole = { ...half, avatar_url: 'https://example.org/a.png', birthday: '2000-01-01', city: 'Shanghai' };
    expect(completionOf(whole)).toEqual({ percent: 100, missing: [] });
  });
});
