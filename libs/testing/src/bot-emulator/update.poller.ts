import { conflict } from './api.failure.js';
import type { Update } from './telegram.types.js';
import type { UpdateQueue } from './update.queue.js';

export interface PollRequest {
  offset: number;
  limit: number;
  timeoutMs: number;
  /** Aborted when the caller hangs up. */
  signal: AbortSignal;
}

/** Long polling: one caller at a time, as at Telegram a second one ends the first with 409. */
export class UpdatePoller {
  private endCurrent?: (reason: Error | undefined) => void;

  constructor(private readonly queue: UpdateQueue) {}

  async poll({ offset, limit, timeoutMs, signal }: PollRequest): Promise<Update[]> {
    this.endCurrent?.(
      conflict('terminated by other getUpdates request; make sure that only one bot instance is running'),
    );
    const ready = this.queue.read(offset, limit);
    if (ready.length > 0 || timeoutMs === 0 || signal.aborted) {
      return ready;
    }
    await this.waitForPush(timeoutMs, signal);
    return signal.aborted ? [] : this.queue.read(offset, limit);
  }

  /** Ends a waiting call: with an error when a reason is given, else with an empty answer. */
  end(reason?: Error): void {
    this.endCurrent?.(reason);
  }

  private waitForPush(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (reason?: Error): void => {
        clearTimeout(timer);
        this.queue.events.off('push', wake);
        signal.removeEventListener('abort', wake);
        if (this.endCurrent === finish) {
          this.endCurrent = undefined;
        }
        if (reason === undefined) {
          resolve();
        } else {
          reject(reason);
        }
      };
      const wake = (): void => finish();
      const timer = setTimeout(wake, timeoutMs);
      this.queue.events.on('push', wake);
      signal.addEventListener('abort', wake);
      this.endCurrent = finish;
    });
  }
}
