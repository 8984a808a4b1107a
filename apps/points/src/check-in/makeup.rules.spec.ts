import { describe, expect, it } from 'vitest';
import { amnestyProblem, amnestyUndoProblem } from './amnesty.rules.js';
import { makeupProblem, oldestMakeupDay, type MakeupSituation } from './makeup.rules.js';

const situation: MakeupSituation = {
  today: '2026-03-31',
  registeredOn: '2026-01-10',
  cards: 1,
  madeUpToday: 0,
  isMarked: (day) => day === '2026-03-30',
};

describe('a missed day (P-03)', () => {
  it.each([
    ['2026-03-29', {}, null],
    ['2026-03-01', {}, null],
    ['2026-02-28', {}, 'makeup.outside_window'],
    ['2026-03-31', {}, 'makeup.day_not_over'],
    ['2026-04-01', {}, 'makeup.day_not_over'],
    ['2026-03-30', {}, 'makeup.already_checked_in'],
    ['2026-03-29', { registeredOn: '2026-03-29' }, null],
    ['2026-03-28', { registeredOn: '2026-03-29' }, 'makeup.before_registration'],
    ['2026-03-29', { madeUpToday: 1 }, null],
    ['2026-03-29', { madeUpToday: 2 }, 'makeup.daily_limit'],
    ['2026-03-29', { cards: 0 }, 'makeup.no_card'],
    // What is wrong with the day is said before what the member lacks.
    ['2026-04-01', { cards: 0, madeUpToday: 2 }, 'makeup.day_not_over'],
  ])('%s with %j: %s', (day, change, problem) => {
    expect(makeupProblem(day, { ...situation, ...change })).toBe(problem);
  });

  it('is at most 30 days old, and not from before the registration', () => {
    expect(oldestMakeupDay(situation)).toBe('2026-03-01');
    expect(oldestMakeupDay({ ...situation, registeredOn: '2026-03-20' })).toBe('2026-03-20');
  });
});

describe('the window of an amnesty (P-02)', () => {
  it.each([
    ['2026-03-30', '2026-03-31', null],
    ['2026-03-31', '2026-03-30', 'ends_before_it_begins'],
    ['2026-03-01', '2026-03-31', null],
    ['2026-02-28', '2026-03-31', 'more_than_31_days'],
    ['2026-01-30', '2026-01-30', null],
    ['2026-01-29', '2026-01-30', 'more_than_60_days_ago'],
    ['2026-04-30', '2026-04-30', null],
    ['2026-04-30', '2026-05-01', 'more_than_30_days_ahead'],
  ])('from %s until %s: %s', (from_day, until_day, problem) => {
    expect(amnestyProblem({ from_day, until_day }, '2026-03-31')).toBe(problem);
  });

  it('can be taken back as long as all days behind it are counted anew', () => {
    expect(amnestyUndoProblem({ until_day: '2026-01-30' }, '2026-03-31')).toBeNull();
    expect(amnestyUndoProblem({ until_day: '2026-01-29' }, '2026-03-31')).toBe('more_than_60_days_ago');
  });
});
