import { describe, expect, it } from 'vitest';
import { formatDate, formatDateTime, formatDuration, formatNumber, formatSigned, formatTime } from './locale.format.js';

const at = '2031-05-04T17:30:00.000Z';
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('times', () => {
  it("are the community's, in the language of the member", () => {
    expect(formatDateTime('en', at, 'Asia/Shanghai')).toBe('5 May 2031 at 01:30');
    expect(plain(formatDateTime('ru', at, 'Asia/Shanghai'))).toBe('5 мая 2031 г. в 01:30');
    expect(formatDateTime('zh', at, 'Asia/Shanghai')).toBe('2031年5月5日 01:30');
    expect(formatDate('en', at, 'UTC')).toBe('4 May 2031');
    expect(formatTime('zh', '2031-05-04T16:00:00.000Z', 'Asia/Shanghai')).toBe('00:00');
  });

  it('lengths are rounded up to a minute', () => {
    expect(plain(formatDuration('en', 3 * 3_600_000 + 20 * 60_000 + 1))).toBe('3 hrs 21 mins');
    expect(plain(formatDuration('ru', 3 * 3_600_000 + 20 * 60_000))).toBe('3 ч 20 мин');
    expect(plain(formatDuration('zh', 60 * 60_000))).toBe('1小时');
    expect(plain(formatDuration('en', -5))).toBe('1 min');
  });
});

describe('numbers', () => {
  it('are grouped and signed', () => {
    expect(formatNumber('en', 12_345)).toBe('12,345');
    expect(plain(formatNumber('ru', 12_345))).toBe('12 345');
    expect([formatSigned('en', 10), formatSigned('en', -10), formatSigned('en', 0)]).toEqual(['+10', '-10', '0']);
  });
});
