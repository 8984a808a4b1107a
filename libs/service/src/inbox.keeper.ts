import type { Database } from '#database';
import { forgetHandled, type Clock } from '#messaging';
import type { Logger } from './logger.js';

const keepDays = 8;
const everyMs = 10 * 60 * 1000;
const rowsPerStep = 500;
const stepsPerRound = 200;

/** Forgets handled messages after eight days: longer than any dead letter waits, short enough for a small table. */
export class InboxKeeper {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.round().catch((error: unknown) => this.logger.warn({ error }, 'the inbox could not be shortened'));
    }, everyMs);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - keepDays * 86_400_000);
    for (let step = 0; step < stepsPerRound; step += 1) {
      const forgotten = await this.database.transaction((tx) => forgetHandled(tx, before, rowsPerStep));
      if (forgotten < rowsPerStep) return;
    }
  }
}
