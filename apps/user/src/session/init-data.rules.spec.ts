import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeInitData } from './init-data.rules.js';

const token = ['123456', 'a-token-of-this-test'].join(':');
const now = new Date('2026-03-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const user = JSON.stringify({ id: 4503599627370495, first_name: 'Ада', username: 'ada', language_code: 'ru' });

function signed(fields: Record<string, string>, key = token): string {
  const text = Object.entries(fields)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
  const secret = createHmac('sha256', 'WebAppData').update(key).digest();
  const hash = createHmac('sha256', secret).update(text).digest('hex');
  return new URLSearchParams({ ...fields, hash }).toString();
}

const fresh = { auth_date: String(seconds - 10), query_id: 'AAE', user, signature: 'kept-in-the-check' };

describe('Mini App init data (U-14)', () => {
  it('is believed when Telegram signed it, with all 52 bits of the id', () => {
    expect(judgeInitData(signed(fresh), token, now)).toEqual({
      ok: true,
      identity: { telegramId: '4503599627370495', firstName: 'Ада', username: 'ada', languageCode: 'ru' },
    });
  });

  const good = signed(fresh);
  it.each([
    ['nothing', ''],
    ['no hash', good.replace(/&hash=.*$/, '')],
    ['a short hash', good.slice(0, -2)],
    ['a hash that is no hex', good.replace(/hash=.{4}/, 'hash=zzzz')],
    ['another hash', good.replace(/hash=./, (text) => (text.endsWith('0') ? 'hash=1' : 'hash=0'))],
    ['another user', good.replace('4503599627370495', '4503599627370494')],
    ['another date', good.replace(`auth_date=${seconds - 10}`, `auth_date=${seconds - 9}`)],
    ['an added field', `${good}&start_param=x`],
    ['a field twice', `${good}&user=${encodeURIComponent(user)}`],
    ["another bot's signature", signed(fresh, ['1', 'other'].join(':'))],
    ['a date in the future', signed({ ...fresh, auth_date: String(seconds + 3600) })],
    ['a date that is no number', signed({ ...fresh, auth_date: 'yesterday' })],
    ['no user', signed({ auth_date: fresh.auth_date })],
    ['a user that is no JSON', signed({ ...fresh, user: '{' })],
    ['a user without an id', signed({ ...fresh, user: '{"first_name":"x"}' })],
  ])('is refused with %s', (_, initData) => {
    expect(judgeInitData(initData, token, now)).toEqual({ ok: false, reason: 'invalid' });
  });

  it('is stale after an hour', () => {
    const hourAgo = { ...fresh, auth_date: String(seconds - 3600) };
    expect(judgeInitData(signed(hourAgo), token, now).ok).toBe(true);
    expect(judgeInitData(signed(hourAgo), token, new Date(now.getTime() + 1))).toEqual({ ok: false, reason: 'stale' });
  });
});
