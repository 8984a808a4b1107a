import { createVerifier } from 'fast-jwt';
import { describe, expect, it } from 'vitest';
import { mixedPattern, type LoadPlan } from '../../bench/load/load.plan.js';
import { RequestMaker } from '../../bench/load/request.maker.js';

const secret = 'not a secret, only long enough';
const plan: LoadPlan = {
  host: '127.0.0.1',
  port: 1,
  connections: 1,
  seconds: 1,
  pattern: mixedPattern,
  readers: 1_000,
  firstFreshUser: 500,
  freshUsers: 20,
  seed: 7,
};

function subjectOf(text: string): number {
  const token = /Authorization: Bearer (\S+)/.exec(text)?.[1] ?? '';
  const verify = createVerifier({
    key: secret,
    algorithms: ['HS256'],
    allowedIss: 'coser',
    allowedAud: 'coser-member',
  });
  return Number((verify(token) as { sub: string }).sub);
}

describe('the request maker', () => {
  it('mixes 80 % reads with 20 % check-ins, each by a member who has not checked in', () => {
    const maker = new RequestMaker(plan, secret);
    const requests = Array.from({ length: 100 }, (_, sequence) => maker.make(sequence));
    const checkIns = requests.filter((request) => request?.kind === 'check_in');
    expect(checkIns).toHaveLength(20);
    expect(checkIns.map((request) => subjectOf(request?.text ?? ''))).toEqual(checkIns.map((_, index) => 500 + index));
    const keys = checkIns.map((request) => /Idempotency-Key: (\S+)/.exec(request?.text ?? '')?.[1]);
    expect(new Set(keys).size).toBe(20);
  });

  it('stops when nobody is left to check in', () => {
    const maker = new RequestMaker({ ...plan, pattern: ['check_in'], freshUsers: 2 }, secret);
    expect([0, 1, 2].map((sequence) => maker.make(sequence)?.kind)).toEqual(['check_in', 'check_in', undefined]);
    expect(maker.usedFreshUsers).toBe(2);
  });

  it('asks about many members, about some far more often', () => {
    const maker = new RequestMaker({ ...plan, pattern: ['raw'] }, secret);
    const counts = new Map<string, number>();
    for (let sequence = 0; sequence < 20_000; sequence += 1) {
      const user = /balance\/([0-9]+)/.exec(maker.make(sequence)?.text ?? '')?.[1] ?? '';
      counts.set(user, (counts.get(user) ?? 0) + 1);
    }
    expect(counts.size).toBeGreaterThan(800);
    expect(counts.get('1') ?? 0).toBeGreaterThan(20 * (counts.get('500') ?? 0));
  });
});
