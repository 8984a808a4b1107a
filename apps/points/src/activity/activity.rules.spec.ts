import { describe, expect, it } from 'vitest';
import {
  codeTriesAtMost,
  decideJoin,
  isDecidable,
  isRunning,
  judgeCode,
  mayBecome,
  planProblems,
  waitingAtMost,
  type ActivityPlan,
} from './activity.rules.js';

const at = (hours: number): Date => new Date(Date.UTC(2026, 4, 1) + hours * 3_600_000);

const plan: ActivityPlan = {
  startsAt: at(10),
  endsAt: at(12),
  registrationOpensAt: at(0),
  registrationClosesAt: at(11),
  capacity: 2,
  way: 'approval',
  code: null,
  latitude: null,
  longitude: null,
  radiusM: null,
};

describe('a plan (P-05)', () => {
  it.each([
    ['as it should be', {}, []],
    ['ends as it starts', { endsAt: at(10) }, ['ends_at:before_start', 'registration_closes_at:after_end']],
    ['lasts too long', { endsAt: at(10 + 367 * 24) }, ['ends_at:too_long']],
    ['opens after it closes', { registrationOpensAt: at(11) }, ['registration_opens_at:after_registration_closes']],
    ['registers after the end', { registrationClosesAt: at(13) }, ['registration_closes_at:after_end']],
    ['lacks its code', { way: 'code' }, ['code:missing']],
    ['has a needless code', { code: 'STAGE1' }, ['code:for_the_way_code_only']],
    ['has half a place', { way: 'geofence', latitude: 1, radiusM: 50 }, ['longitude:missing']],
    ['has a needless place', { latitude: 1 }, ['latitude:for_the_way_geofence_only']],
  ] as const)('%s', (_what, change, expected) => {
    const found = planProblems({ ...plan, ...change } as ActivityPlan);
    expect(found.map(({ path, problem }) => `${path}:${problem}`)).toEqual(expected);
  });
});

describe('joining (P-05)', () => {
  const situation = { plan, state: 'open', joined: 1, waiting: 0, waitlist: false, now: at(5) } as const;

  it.each([
    ['the last place is free', {}, 'joined'],
    ['all places are taken', { joined: 2 }, 'full'],
    ['all places are taken and there is a queue', { joined: 2, waitlist: true }, 'waiting'],
    ['the queue is as long as queues get', { joined: 2, waitlist: true, waiting: waitingAtMost - 1 }, 'waiting'],
    ['the queue is longer than that', { joined: 2, waitlist: true, waiting: waitingAtMost }, 'full'],
    ['it is a draft', { state: 'draft' }, 'not_open'],
    ['it is closed', { state: 'closed' }, 'not_open'],
    ['it is cancelled', { state: 'cancelled' }, 'not_open'],
    ['registration is not open yet', { now: at(-0.01) }, 'registration_closed'],
    ['registration opens', { now: at(0) }, 'joined'],
    ['registration has just closed', { now: at(11) }, 'registration_closed'],
    [
      'it ends and has no end of registration',
      { plan: { ...plan, registrationClosesAt: null }, now: at(12) },
      'registration_closed',
    ],
    [
      'it runs and has no end of registration',
      { plan: { ...plan, registrationClosesAt: null }, now: at(11.5) },
      'joined',
    ],
  ] as const)('when %s', (_what, change, expected) => {
    expect(decideJoin({ ...situation, ...change })).toBe(expected);
  });
});

describe('states and times (P-05)', () => {
  it('is cancelled for ever, and never a draft again', () => {
    expect(mayBecome('draft', 'open')).toBe(true);
    expect(mayBecome('closed', 'open')).toBe(true);
    expect(mayBecome('draft', 'closed')).toBe(false);
    expect(mayBecome('open', 'draft')).toBe(false);
    expect(['draft', 'open', 'closed', 'cancelled'].some((to) => mayBecome('cancelled', to as 'open'))).toBe(false);
  });

  it('runs from its start until its end, and is decided until 30 days later', () => {
    expect([9.99, 10, 11.99, 12].map((hours) => isRunning(plan, at(hours)))).toEqual([false, true, true, false]);
    const late = 12 + 30 * 24;
    expect([9.99, 10, late - 0.01, late].map((hours) => isDecidable(plan, at(hours)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('a code (P-05)', () => {
  it.each([' stage-1 ', 'ＳＴＡＧＥ１', 'Stage 1.'])('is taken as people type it: %s', (typed) => {
    expect(judgeCode('STAGE1', typed, { wrong: 0, until: null }, at(0)).kind).toBe('right');
  });

  it('may be wrong five times in a quarter of an hour, also when the sixth is right', () => {
    let tries = { wrong: 0, until: null as Date | null };
    for (let left = codeTriesAtMost - 1; left >= 0; left -= 1) {
      const verdict = judgeCode('STAGE1', 'STAGE2', tries, at(0));
      expect(verdict).toMatchObject({ kind: 'wrong', triesLeft: left });
      if (verdict.kind === 'wrong') tries = { ...verdict.tries };
    }
    expect(judgeCode('STAGE1', 'STAGE1', tries, at(0.24))).toEqual({ kind: 'locked_out', until: at(0.25) });
    expect(judgeCode('STAGE1', 'STAGE1', tries, at(0.25)).kind).toBe('right');
    expect(judgeCode('STAGE1', 'nonsense', tries, at(0.25))).toMatchObject({ kind: 'wrong', triesLeft: 4 });
  });
});
