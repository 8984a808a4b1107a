import { setTimeout as pause } from 'node:timers/promises';
import { startEngine, stopEngine } from '../../tools/services/index.js';
import { flushRedis, type RealPlatform } from '../platform/index.js';
import type { CrashPlan, Fault } from './crash.plan.js';

/** RabbitMQ loses a quorum queue when it is killed right after its declaration. */
const queuesSettleMs = 6_000;

const crashedEngines = ['rabbitmq', 'mariadb', 'redis', 'mongodb'] as const;

/** Starts every engine that a run may have left down, so that nobody after it finds one missing. */
export async function startCrashedEngines(): Promise<void> {
  for (const engine of crashedEngines) await startEngine(engine);
}

/** Lets the plan's faults happen while the load runs, and heals each of them. */
export class FaultInjector {
  readonly counts = { kills: 0, restarts: 0 };
  /** What happened, in order, for the report. */
  readonly history: string[] = [];
  /** Faults that could not be carried out or repaired. */
  readonly problems: string[] = [];
  private readonly waiting: Fault[];
  private readonly startedAt = performance.now();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly platform: RealPlatform,
    plan: CrashPlan,
  ) {
    this.waiting = [...plan.faults];
  }

  /** Called whenever a wish is fulfilled; lets what is due happen, one fault after the other. */
  progress(wishesFulfilled: number): void {
    while ((this.waiting[0]?.atWishes ?? Infinity) <= wishesFulfilled) {
      const fault = this.waiting.shift() as Fault;
      this.running = this.running.then(() => this.inject(fault)).catch((error: unknown) => this.remember(error));
    }
  }

  /** Resolves when every planned fault that was due has happened, and all processes run and are ready again. */
  async healed(): Promise<void> {
    await this.running;
    await startCrashedEngines().catch((error: unknown) => this.remember(error));
    await this.platform.startAll().catch((error: unknown) => this.remember(error));
  }

  private async inject({ action, downMs }: Fault): Promise<void> {
    switch (action.kind) {
      case 'kill': {
        const { service, replicas } = action;
        this.note(`kill -9 ${replicas.map((replica) => `${service}-${replica}`).join(' and ')}, down for ${downMs} ms`);
        this.counts.kills += replicas.length;
        await Promise.all(replicas.map((replica) => this.platform.kill(service, replica)));
        await pause(downMs);
        // Not waited for: the next fault may well hit while this one still starts.
        for (const replica of replicas) this.platform.spawn(service, replica);
        return;
      }
      case 'engine': {
        const { engine, signal, frozenMs } = action;
        if (engine === 'rabbitmq') await this.queuesAreSettled();
        const frozen = frozenMs === undefined ? '' : ` after standing still for ${frozenMs} ms`;
        this.note(`${signal} ${engine}${frozen}, down for ${downMs} ms`);
        this.counts.restarts += 1;
        if (frozenMs !== undefined) {
          await stopEngine(engine, 'SIGSTOP');
          await pause(frozenMs);
        }
        await stopEngine(engine, signal);
        await pause(downMs);
        await startEngine(engine);
        return;
      }
      case 'flush-redis':
        this.note('flush redis');
        return flushRedis(this.platform.places.redisUrl);
    }
  }

  private async queuesAreSettled(): Promise<void> {
    const ageMs = performance.now() - this.startedAt;
    if (ageMs < queuesSettleMs) await pause(queuesSettleMs - ageMs);
  }

  private remember(error: unknown): void {
    this.problems.push(`faults: ${error instanceof Error ? error.message : String(error)}`);
  }

  private note(text: string): void {
    this.history.push(`${((performance.now() - this.startedAt) / 1000).toFixed(1)} s  ${text}`);
  }
}
