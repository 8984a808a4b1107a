import { LatencyRecorder, type LatencySummary } from './latency.recorder.js';

/** What one request is and how it is sent; `answered` must be called once, with the HTTP status (0: no answer). */
export type Send = (sequence: number, answered: (status: number, kind: string) => void) => void;

export interface OpenLoopOptions {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** More are not kept in flight; what would be one too many is not sent and counts as dropped. */
  readonly inFlightAtMost: number;
  readonly send: Send;
}

export interface OpenLoopResult {
  readonly planned: number;
  readonly answered: number;
  /** Answers that are no success, and requests without an answer. */
  readonly errors: number;
  readonly dropped: number;
  readonly inFlightMaximum: number;
  /** From the intended start to the answer, whenever it was really sent. */
  readonly latency: LatencySummary;
  readonly byKind: Record<string, LatencySummary>;
  /** How much later than intended the requests were handed over: the generator's own fault. */
  readonly lag: LatencySummary;
  readonly statuses: Record<string, number>;
}

const tickMs = 1;
const answersAwaitedMs = 10_000;

/**
 * Starts requests at a constant rate, whether or not the earlier ones are answered. The latency counts from when a request
 * should have started, so that a server that stalls is charged for everybody who would have come meanwhile.
 */
export class OpenLoop {
  private readonly latency = new LatencyRecorder();
  private readonly lag = new LatencyRecorder();
  private readonly kinds = new Map<string, LatencyRecorder>();
  private readonly statuses = new Map<number, number>();
  private readonly planned: number;
  private inFlight = 0;
  private inFlightMaximum = 0;
  private answered = 0;
  private errors = 0;
  private dropped = 0;

  constructor(private readonly options: OpenLoopOptions) {
    this.planned = Math.round(options.ratePerSecond * options.seconds);
  }

  async run(): Promise<OpenLoopResult> {
    const startedAt = performance.now() + tickMs;
    const intervalMs = 1000 / this.options.ratePerSecond;
    for (let sequence = 0; sequence < this.planned;) {
      const now = performance.now();
      while (sequence < this.planned && startedAt + sequence * intervalMs <= now) {
        this.start(sequence, startedAt + sequence * intervalMs, now);
        sequence += 1;
      }
      await pause(tickMs);
    }
    const patientUntil = performance.now() + answersAwaitedMs;
    while (this.inFlight > 0 && performance.now() < patientUntil) await pause(tickMs);
    return this.result();
  }

  private start(sequence: number, intendedAt: number, now: number): void {
    this.lag.add(now - intendedAt);
    if (this.inFlight >= this.options.inFlightAtMost) {
      this.dropped += 1;
      return;
    }
    this.inFlight += 1;
    this.inFlightMaximum = Math.max(this.inFlightMaximum, this.inFlight);
    this.options.send(sequence, (status, kind) => this.finish(performance.now() - intendedAt, status, kind));
  }

  private finish(milliseconds: number, status: number, kind: string): void {
    this.inFlight -= 1;
    this.answered += 1;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status < 200 || status >= 300) this.errors += 1;
    this.latency.add(milliseconds);
    let recorder = this.kinds.get(kind);
    if (!recorder) this.kinds.set(kind, (recorder = new LatencyRecorder()));
    recorder.add(milliseconds);
  }

  private result(): OpenLoopResult {
    const { planned, answered, dropped, inFlightMaximum } = this;
    return {
      planned,
      answered,
      errors: this.errors + this.inFlight,
      dropped,
      inFlightMaximum,
      latency: this.latency.summary(),
      byKind: Object.fromEntries([...this.kinds].map(([kind, recorder]) => [kind, recorder.summary()])),
      lag: this.lag.summary(),
      statuses: Object.fromEntries(this.statuses),
    };
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
