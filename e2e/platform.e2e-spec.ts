import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasRealEngines,
  reportLogsOnFailure,
  startEmbeddedPlatform,
  startRealPlatform,
  type EmbeddedPlatform,
  type RealPlatform,
} from './platform/index.js';

interface CheckIn {
  day: string;
  points: number;
  streak_days: number;
}

const dayMs = 86_400_000;

describe.each([{ inProcess: true }, { inProcess: false }])('the embedded platform, %o', ({ inProcess }) => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => void (platform = await startEmbeddedPlatform({ inProcess })));
  afterAll(() => platform.stop());
  reportLogsOnFailure(() => platform);

  it('takes check-ins on several days and keeps them over a kill', async () => {
    const alice = await platform.client.devLogin({ telegram_id: '1001', first_name: 'Alice' });
    const first = await alice.post<CheckIn>('/v1/check-ins', { idempotencyKey: 'day-1' });
    await platform.clockOffset(dayMs);
    const second = await alice.post<CheckIn>('/v1/check-ins', { idempotencyKey: 'day-2' });
    expect([first, second].map(({ streak_days, points }) => [streak_days, points])).toEqual([
      [1, 10],
      [2, 10],
    ]);
    await platform.restart('SIGKILL');
    expect(await alice.get('/v1/points/balance')).toMatchObject({ balance: 20 });
    expect(await alice.post('/v1/check-ins', { idempotencyKey: 'day-2' })).toEqual(second);
  });
});

describe.runIf(hasRealEngines)('the platform as processes on real engines', () => {
  let platform: RealPlatform;
  beforeAll(async () => void (platform = await startRealPlatform({ replicas: { points: 2 } })));
  afterAll(() => platform.stop());
  reportLogsOnFailure(() => platform);

  it('takes a check-in, also after a kill', async () => {
    platform.emulator.member({ id: 1001, first_name: 'Alice', language_code: 'en' });
    const alice = await platform.client.signInByInitData(platform.emulator, 1001);
    const first = await alice.post<CheckIn>('/v1/check-ins', { idempotencyKey: 'day-1' });
    await platform.kill('points', 0);
    await platform.clockOffset(dayMs);
    const second = await alice.post<CheckIn>('/v1/check-ins', { idempotencyKey: 'day-2' });
    await platform.start('points', 0);
    expect([first.streak_days, second.streak_days]).toEqual([1, 2]);
    expect(await alice.get('/v1/points/balance')).toMatchObject({ balance: 20 });
    expect(platform.failures).toEqual([]);
  });
});
