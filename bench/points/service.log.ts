import { readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { LatencyRecorder, type LatencySummary } from '../load/latency.recorder.js';

/** The service gathers its lines before it writes them. */
const writtenWithinMs = 1_000;

/** How long the service itself took, as its log tells at the level `debug`: without the broker, and without who asks. */
export class ServiceLog {
  private readFrom = 0;

  constructor(private readonly path: string) {}

  /** Forgets what was written until now. */
  async begin(): Promise<void> {
    await pause(writtenWithinMs);
    this.readFrom = statSync(this.path).size;
  }

  /** Times of one contract since the beginning, in whole milliseconds. */
  async timesOf(contract: string): Promise<LatencySummary> {
    await pause(writtenWithinMs);
    const text = readFileSync(this.path).subarray(this.readFrom).toString();
    const times = new LatencyRecorder();
    for (const line of text.split('\n').filter((one) => one.includes(`"${contract}"`))) {
      const milliseconds = /"milliseconds":(\d+)/.exec(line)?.[1];
      if (milliseconds !== undefined) times.add(Number(milliseconds));
    }
    return times.summary();
  }
}
