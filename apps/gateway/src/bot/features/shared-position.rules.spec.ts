import { describe, expect, it } from 'vitest';
import { saysWhereOneIs } from './shared-position.rules.js';

const date = 1_780_000_000;
const after = (seconds: number) => new Date((date + seconds) * 1000);

describe('a shared position (P-05)', () => {
  it.each([
    ['as the phone measures it', { date }, 5, true],
    ['ten minutes ago', { date }, 600, true],
    ['longer ago', { date }, 601, false],
    ['by a clock that is ahead of ours', { date }, -30, true],
    ['of somebody else', { date, forward_origin: { type: 'user' } }, 5, false],
    ['of a place out of a list', { date, venue: { title: 'Main stage' } }, 5, false],
    ['that another bot has written', { date, via_bot: { id: 1 } }, 5, false],
  ])('%s says where one is now: %o after %d s is %s', (_what, message, seconds, expected) => {
    expect(saysWhereOneIs(message, after(seconds))).toBe(expected);
  });
});
