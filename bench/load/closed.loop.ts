import { LatencyRecorder, type LatencySummary } from './latency.recorder.js';
import type { Send } from './open.loop.js';

export interface ClosedLoopResult {
  readonly answered: number;
  readonly errors: number;
  readonly perSecond: number;
  readonly latency: LatencySummary;
  readonly statuses: Record<string, number>;
}

/** Keeps `width` requests in flight for a time: how much a server can do. Its latencies are those of a full server. */
export async function runClosedLoop(options: {
  width: number;
  seconds: number;
  send: Send;
}): Promise<ClosedLoopResult> {
  const latency = new LatencyRecorder();
  const statuses = new Map<number, number>();
  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1000;
  let sequence = 0;
  let errors = 0;
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const sentAt = performance.now();
      options.send(sequence++, (status) => {
        latency.add(performance.now() - sentAt);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status < 200 || status >= 300) errors += 1;
        resolve();
      });
    });
  const lane = async (): Promise<void> => {
    while (performance.now() < endsAt) await one();
  };
  await Promise.all(Array.from({ length: options.width }, lane));
  const seconds = (performance.now() - startedAt) / 1000;
  const summary = latency.summary();
  return {
    answered: summary.count,
    errors,
    perSecond: Math.round(((summary.count - errors) / seconds) * 10) / 10,
    latency: summary,
    statuses: Object.fromEntries(statuses),
  };
}
