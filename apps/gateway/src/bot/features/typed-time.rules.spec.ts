import { describe, expect, it } from 'vitest';
import { parseTime } from './typed-time.rules.js';

describe('a time that somebody types (N-10)', () => {
  it.each([
    ['2031-05-04 18:30', 'Asia/Shanghai', '2031-05-04T10:30:00.000Z'],
    ['04.05.2031 18:30', 'Europe/Moscow', '2031-05-04T15:30:00.000Z'],
    ['4.5.2031, 8:05', 'Europe/Moscow', '2031-05-04T05:05:00.000Z'],
    ['２０３１－０５－０４ ００：００', 'Asia/Shanghai', '2031-05-03T16:00:00.000Z'],
    ['2031-01-15 12:00', 'Europe/Berlin', '2031-01-15T11:00:00.000Z'],
    ['2031-07-15 12:00', 'Europe/Berlin', '2031-07-15T10:00:00.000Z'],
    ['2031-03-30 03:00', 'Europe/Berlin', '2031-03-30T01:00:00.000Z'],
    ['2031-03-30 02:30', 'Europe/Berlin', null],
    ['2031-02-29 12:00', 'UTC', null],
    ['2028-02-29 12:00', 'UTC', '2028-02-29T12:00:00.000Z'],
    ['2031-05-04 24:00', 'UTC', null],
    ['2031-05-04 12:60', 'UTC', null],
    ['2031-13-04 12:00', 'UTC', null],
    ['0000-00-00 00:00', 'UTC', null],
    ['tomorrow', 'UTC', null],
    ['2031-05-04', 'UTC', null],
    ['', 'UTC', null],
  ])('%j in %s is %s', (text, timezone, time) => expect(parseTime(text, timezone)).toBe(time));
});
