import { describe, expect, it } from 'vitest';
import { canAsk, factsAfterCheck, firstCheckAt, nextCheckAt } from './roster-check.rules.js';
import { factsOf, type MemberFacts } from './sighting.rules.js';

const start = Date.UTC(2026, 2, 1, 10);
const hourMs = 3_600_000;
const timeAt = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();
const person = { telegram_id: '501', first_name: 'Anna', username: 'anna', order: 0 };
const known = (change: Partial<Parameters<typeof factsOf>[0]> = {}): MemberFacts =>
  factsOf({ ...person, standing: 'in', telegram_status: 'member', source: 'chat_member', at: timeAt(10), ...change });
const answer = (change: Partial<Parameters<typeof factsOf>[0]> = {}): MemberFacts =>
  factsOf({ ...person, standing: 'in', telegram_status: 'member', source: 'lookup', at: timeAt(60), ...change });

describe('the line of rows to ask about', () => {
  it('U-12: asks where the bot is an administrator or may be one, and nowhere else', () => {
    expect(['administrator', 'creator', null].map(canAsk)).toEqual([true, true, true]);
    expect(['member', 'restricted', 'left', 'kicked'].map(canAsk)).toEqual(Array(4).fill(false));
  });

  it('U-12: a row that Telegram has told of waits its time, any other is due at once', () => {
    const now = new Date(start + 20_000);
    const due = (facts: MemberFacts) => firstCheckAt(facts, now, 24).getTime();
    expect(due(known())).toBe(start + 10_000 + 24 * hourMs);
    expect(due(known({ standing: 'unknown', source: 'message' }))).toBe(now.getTime());
    expect(due(known({ source: 'import' }))).toBe(now.getTime());
    // News from a clock that is ahead of ours does not put a row further back.
    expect(due(known({ at: timeAt(900) }))).toBe(now.getTime() + 24 * hourMs);
    expect(nextCheckAt(now, 1).getTime()).toBe(now.getTime() + hourMs);
  });
});

describe('what an answer of Telegram changes', () => {
  it('U-12: who has left is out, known by the question, and was not seen by it', () => {
    expect(factsAfterCheck(known(), answer({ standing: 'out', telegram_status: 'left' }))).toEqual({
      outcome: 'changed',
      isOpen: false,
      facts: {
        ...known(),
        standing: 'out',
        telegramStatus: 'left',
        source: 'lookup',
        standingAt: start + 60_000,
      },
    });
  });

  it('U-12: an answer that says what was known keeps how it came to be known, and the names of today', () => {
    const { facts, outcome } = factsAfterCheck(
      known(),
      answer({ first_name: 'Anna B', username: null, telegram_status: 'administrator' }),
    );
    expect(outcome).toBe('confirmed');
    expect(facts).toEqual({
      ...known(),
      firstName: 'Anna B',
      username: null,
      telegramStatus: 'administrator',
      standingAt: start + 60_000,
    });
  });

  it('U-12: the unknown and what a list said give way to the answer', () => {
    const unknown = known({ standing: 'unknown', telegram_status: null, source: 'message' });
    expect(factsAfterCheck(unknown, answer())).toMatchObject({
      outcome: 'changed',
      facts: { standing: 'in', source: 'lookup' },
    });
    const listed = known({ telegram_status: null, source: 'import', at: timeAt(900) });
    expect(factsAfterCheck(listed, answer())).toMatchObject({
      outcome: 'confirmed',
      facts: { source: 'lookup', standingTrust: 1, standingAt: start + 60_000 },
    });
    expect(factsAfterCheck(listed, answer({ standing: 'out' }))).toMatchObject({ outcome: 'changed' });
  });

  it('U-12: news that came later than the answer was given stays, and is asked about again', () => {
    const later = known({ standing: 'out', telegram_status: 'left', at: timeAt(61), first_name: 'Ann' });
    expect(factsAfterCheck(later, answer())).toEqual({ outcome: 'confirmed', isOpen: true, facts: later });
    // Of one second the update counts: the question has no number.
    const sameSecond = known({ standing: 'out', telegram_status: 'left', at: timeAt(60), order: 7 });
    expect(factsAfterCheck(sameSecond, answer())).toEqual({
      outcome: 'confirmed',
      isOpen: true,
      facts: sameSecond,
    });
  });

  it('U-12: an account without a name keeps the one it had', () => {
    const { facts } = factsAfterCheck(known(), answer({ first_name: '', username: null }));
    expect([facts.firstName, facts.username]).toEqual(['Anna', 'anna']);
  });
});
