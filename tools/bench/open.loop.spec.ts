import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LatencyRecorder } from '../../bench/load/latency.recorder.js';
import { OpenLoop, type OpenLoopResult, type Send } from '../../bench/load/open.loop.js';

/** Answers after a millisecond, but keeps everybody waiting from the 2nd to the 3rd second of its life. */
function stallingServer(): Send {
  const startedAt = performance.now();
  return (_sequence, answered) => {
    const age = performance.now() - startedAt;
    const waitMs = age >= 2_000 && age < 3_000 ? 3_000 - age : 1;
    setTimeout(() => answered(200, 'read'), waitMs);
  };
}

describe('the open loop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function run(options: { seconds: number; inFlightAtMost?: number; send: Send }): Promise<OpenLoopResult> {
    const loop = new OpenLoop({ ratePerSecond: 1_000, inFlightAtMost: 4_000, ...options }).run();
    await vi.advanceTimersByTimeAsync(options.seconds * 1_000 + 12_000);
    return loop;
  }

  it('charges a server that stalls for a second with everybody who would have come meanwhile', async () => {
    const { planned, answered, latency, inFlightMaximum } = await run({ seconds: 10, send: stallingServer() });
    expect({ planned, answered }).toEqual({ planned: 10_000, answered: 10_000 });
    expect(latency.p50).toBeLessThan(5);
    // A tenth of the requests waited between 0 and 1 s: a tenth of those, 1 %, longer than 900 ms.
    expect(latency.p99).toBeGreaterThan(850);
    expect(latency.max).toBeGreaterThan(990);
    expect(inFlightMaximum).toBeGreaterThan(950);
  });

  it('keeps a bounded number in flight and counts what it could not send', async () => {
    const { planned, answered, dropped, errors } = await run({
      seconds: 10,
      inFlightAtMost: 100,
      send: stallingServer(),
    });
    expect(answered + dropped).toBe(planned);
    expect(dropped).toBeGreaterThan(800);
    expect(errors).toBe(0);
  });

  it('counts refusals and requests that are never answered as errors', async () => {
    const send: Send = (sequence, answered) => {
      if (sequence % 10 !== 0) setTimeout(() => answered(sequence % 10 === 1 ? 503 : 200, 'read'), 1);
    };
    const { errors, statuses } = await run({ seconds: 1, send });
    expect(errors).toBe(200);
    expect(statuses).toEqual({ 200: 800, 503: 100 });
  });
});

describe('the latency recorder', () => {
  it('gives nearest-rank percentiles, whatever the order and number of samples', () => {
    const recorder = new LatencyRecorder();
    for (let sample = 100_000; sample >= 1; sample -= 1) recorder.add(sample / 1000);
    expect(recorder.summary()).toEqual({ count: 100_000, p50: 50, p95: 95, p99: 99, p999: 99.9, max: 100 });
  });

  it('has zeros where nothing was recorded', () => {
    expect(new LatencyRecorder().summary()).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, p999: 0, max: 0 });
  });
});
