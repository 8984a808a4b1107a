import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import type { Database, NamedLock } from '#database';
import type { Clock } from '#messaging';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Work that begins by itself, again and again. */
export interface Job {
  /** Names its lock and its series: lower case, with hyphens. */
  readonly name: string;
  /** From the beginning of a round to that of the next, give or take a tenth; a round that takes longer is not run twice. */
  readonly everyMs: number;
  /** Also at once, when the service starts. */
  readonly atStart?: boolean;
  /**
   * `kept`: one replica works, and goes on working until it stops. `each`: one replica works, and any may have the next round.
   * `none`: all replicas work.
   */
  readonly lock: 'kept' | 'each' | 'none';
  /** What the log says of a round that failed; the next one tries again. */
  readonly complaint: string;
  /** How bad that is. Default: a warning. */
  readonly levelOf?: (error: unknown) => 'debug' | 'warn' | 'error';
  /** One round. It looks at `stopping` between its steps: the service waits for its end before it stops. */
  readonly round: (stopping: AbortSignal) => Promise<void>;
  /** Called when the service stops, for steps that cannot look at the signal. */
  readonly onStop?: () => void;
}

interface Parts {
  readonly database: Database | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Runs the jobs of a service: their timers, locks and figures, and their end before the service's. */
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly jobs: RunningJob[] = [];
  private readonly rounds: Counter<'job' | 'outcome'>;
  private readonly doneAt: Gauge<'job'>;

  constructor(private readonly parts: Parts) {
    this.rounds = parts.metrics.counter('coser_job_rounds_total', 'Rounds of the jobs that run by themselves', [
      'job',
      'outcome',
    ]);
    this.doneAt = parts.metrics.gauge(
      'coser_job_last_done_timestamp_seconds',
      'When this process last ended a round of a job without a failure',
      () => undefined,
      ['job'],
    );
  }

  /** To be called while the service is put together; the job begins when everything is there. */
  add(job: Job): void {
    if (job.lock !== 'none' && this.parts.database === null) throw new Error(`the job ${job.name} has no database`);
    if (this.jobs.some(({ name }) => name === job.name)) throw new Error(`there are two jobs named ${job.name}`);
    for (const outcome of ['done', 'failed']) this.rounds.labels(job.name, outcome).inc(0);
    this.jobs.push(
      new RunningJob(job, this.parts, (outcome) => {
        this.rounds.labels(job.name, outcome).inc();
        if (outcome === 'done') this.doneAt.labels(job.name).set(this.parts.clock.now().getTime() / 1000);
      }),
    );
  }

  onApplicationBootstrap(): void {
    for (const job of this.jobs) job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.jobs.map((job) => job.stop()));
  }
}

class RunningJob {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lock: NamedLock | null = null;

  constructor(
    private readonly job: Job,
    private readonly parts: Parts,
    private readonly count: (outcome: 'done' | 'failed') => void,
  ) {}

  get name(): string {
    return this.job.name;
  }

  start(): void {
    if (this.job.atStart === true) this.begin();
    this.wait();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.job.onStop?.();
    if (this.timer) clearTimeout(this.timer);
    await this.running;
    await this.release();
  }

  private wait(): void {
    // Replicas that were started together drift apart.
    const pauseMs = this.job.everyMs * (0.9 + 0.2 * Math.random());
    this.timer = setTimeout(() => {
      this.begin();
      this.wait();
    }, pauseMs);
    this.timer.unref();
  }

  private begin(): void {
    this.running ??= this.turn()
      .catch((error: unknown) => {
        this.count('failed');
        this.parts.logger[this.job.levelOf?.(error) ?? 'warn']({ error }, this.job.complaint);
      })
      .finally(() => (this.running = null));
  }

  private async turn(): Promise<void> {
    if (!(await this.mayWork())) return;
    try {
      await this.job.round(this.stopping.signal);
      this.count('done');
    } finally {
      if (this.job.lock === 'each') await this.release();
    }
  }

  private async mayWork(): Promise<boolean> {
    const { database } = this.parts;
    if (this.job.lock === 'none' || database === null) return true;
    if (this.lock && !(await this.lock.isHeld())) await this.release();
    this.lock ??= await database.acquireLock(this.job.name);
    return this.lock !== null;
  }

  private async release(): Promise<void> {
    const { lock } = this;
    this.lock = null;
    await lock?.release();
  }
}
