import { describe, expect, it } from 'vitest';
import { parseDayRange, parseWindow } from './typed-window.rules.js';

const shanghai = 'Asia/Shanghai';

describe('a window of time as somebody types it', () => {
  it.each([
    ['2031-05-04', null, '2031-05-04T15:59:00.000Z'],
    ['04.05.2031 18:30', null, '2031-05-04T10:30:00.000Z'],
    ['2031-05-01\n2031-05-04', '2031-04-30T16:00:00.000Z', '2031-05-04T15:59:00.000Z'],
    [' 2031-05-01 09:00 \n\n 2031-05-01 ', '2031-05-01T01:00:00.000Z', '2031-05-01T15:59:00.000Z'],
    ['２０３１—５—１', null, '2031-05-01T15:59:00.000Z'],
  ])('%j is from %s until %s', (text, from, until) => {
    expect(parseWindow(text, shanghai)).toEqual({ from, until });
  });

  it.each([
    '',
    'tomorrow',
    '2031-02-30',
    '2031-05-04\n2031-05-03',
    '2031-05-01\n2031-05-02\n2031-05-03',
    'x\n2031-05-04',
  ])('%j is none', (text) => expect(parseWindow(text, shanghai)).toBeNull());
});

describe('days as somebody types them', () => {
  it.each([
    ['2031-05-04', '2031-05-04', '2031-05-04'],
    ['1.5.2031\n04.05.2031', '2031-05-01', '2031-05-04'],
  ])('%j is from %s to %s', (text, from, until) => expect(parseDayRange(text)).toEqual({ from, until }));

  it.each([
    ...['', 'yesterday', '2031-02-29', '2031-05-04 12:00', '2031-05-04\n2031-05-03'],
    ...['0031-05-04', '9999-12-31'],
  ])('%j are none', (text) => expect(parseDayRange(text)).toBeNull());
});
