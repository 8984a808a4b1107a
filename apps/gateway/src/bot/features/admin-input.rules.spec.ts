import { describe, expect, it } from 'vitest';
import { parseAdjustment, parseCount, parseDays } from './admin-input.rules.js';

describe('what an admin types', () => {
  it.each([
    ['+50 the photo contest', { points: 50, reason: 'the photo contest' }],
    ['50 contest', { points: 50, reason: 'contest' }],
    ['−30 counted twice', { points: -30, reason: 'counted twice' }],
    ['＋５０ 摄影比赛', { points: 50, reason: '摄影比赛' }],
    ['10000000 all of it', { points: 10_000_000, reason: 'all of it' }],
    ['10000001 too much', null],
    ['0 nothing', null],
    ['+50', null],
    ['+50 ab', null],
    ['+50     a', null],
    ['+50 ＡＢＣ – 摄影！', { points: 50, reason: 'ＡＢＣ – 摄影！' }],
    ['fifty contest', null],
    ['1.5 contest', null],
    [`5 ${'x'.repeat(255)}`, { points: 5, reason: 'x'.repeat(255) }],
    [`5 ${'x'.repeat(256)}`, null],
  ])('%j as an adjustment is %j', (text, expected) => expect(parseAdjustment(text)).toEqual(expected));

  it.each([
    ['1', 1],
    ['３０', 30],
    ['3660', 3_660],
    ['3661', null],
    ['0', null],
    ['-5', null],
    ['a month', null],
  ])('%j as days is %j', (text, expected) => expect(parseDays(text)).toBe(expected));

  it.each([
    ['1', 1],
    ['１００', 100],
    ['101', null],
    ['0', null],
    ['ten', null],
  ])('%j as a number of up to a hundred is %j', (text, expected) => expect(parseCount(text, 100)).toBe(expected));
});
