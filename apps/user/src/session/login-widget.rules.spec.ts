import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeWidgetData, type WidgetData } from './login-widget.rules.js';

const token = ['123456', 'a-token-of-this-test'].join(':');
const now = new Date('2026-03-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const fresh = { id: 4503599627370495, first_name: 'Ада', username: 'ada', auth_date: seconds - 10 };

function signed(data: Omit<WidgetData, 'hash'>, key = createHash('sha256').update(token).digest()): WidgetData {
  const text = Object.entries(data)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
  return { ...data, hash: createHmac('sha256', key).update(text).digest('hex') };
}

describe('Login Widget data (U-14)', () => {
  it('is believed when Telegram signed it, with all 52 bits of the id', () => {
    expect(judgeWidgetData(signed(fresh), token, now)).toEqual({
      ok: true,
      identity: { telegramId: '4503599627370495', firstName: 'Ада', username: 'ada', languageCode: null },
    });
    const full = { ...fresh, last_name: 'L', photo_url: 'https://t.me/i/userpic/320/ada.jpg' };
    expect(judgeWidgetData(signed(full), token, now).ok).toBe(true);
  });

  const good = signed(fresh);
  const miniAppKey = createHmac('sha256', 'WebAppData').update(token).digest();
  it.each<[string, WidgetData]>([
    ['no hash', { ...good, hash: '' }],
    ['a short hash', { ...good, hash: good.hash.slice(1) }],
    ['a hash that is no hex', { ...good, hash: 'z'.repeat(64) }],
    ['another user', { ...good, id: 7 }],
    ['another name', { ...good, first_name: 'Eve' }],
    ['an added field', { ...good, last_name: 'Eve' }],
    ['a field less', { ...good, username: undefined }],
    ['another date', { ...good, auth_date: seconds }],
    ["a Mini App's signature", signed(fresh, miniAppKey)],
    ["another bot's signature", signed(fresh, createHash('sha256').update('1:other').digest())],
    ['a date in the future', signed({ ...fresh, auth_date: seconds + 3600 })],
  ])('is refused with %s', (_, data) => {
    expect(judgeWidgetData(data, token, now)).toEqual({ ok: false, reason: 'invalid' });
  });

  it('is stale after an hour', () => {
    const hourAgo = signed({ ...fresh, auth_date: seconds - 3600 });
    expect(judgeWidgetData(hourAgo, token, now).ok).toBe(true);
    expect(judgeWidgetData(hourAgo, token, new Date(now.getTime() + 1))).toEqual({ ok: false, reason: 'stale' });
  });
});
