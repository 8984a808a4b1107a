import { setTimeout as pause } from 'node:timers/promises';
import type { Database, NamedLock } from '#database';
import type { Broker } from './broker.js';
import type { MessagingObserver } from './messaging.observer.js';
import { clearOutbox, readOutbox } from './outbox.store.js';

const batchSize = 500;
const pollMs = 1_000;
/**
 * Between two rounds, so that a busy outbox is read in few large bites: each costs a read, a confirm, a delete, and a transaction
 * in every service that listens. The first event after a pause does not wait.
 */
const gatherMs = 100;
/** The same where much comes: nobody notices, and half as many rounds are enough. */
const busyGatherMs = 200;
const busyEvents = 60;
const retryMs = 500;
const lockCheckMs = 5_000;

/**
 * Publishes what the outbox holds, in id order, and removes it once the broker has confirmed. One process per service does
 * it (a named lock keeps the order); should two ever overlap, the inboxes of the readers drop the copies.
 */
export class OutboxRelay {
  private lock: NamedLock | null = null;
  private lockCheckedAt = 0;
  private stopped = false;
  private running: Promise<void> | null = null;
  private wakeUp: () => void = () => undefined;
  private woken = false;

  constructor(
    private readonly database: Database,
    private readonly broker: Broker,
    private readonly observer: MessagingObserver,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Called after a commit that wrote events; polling is only the safety net. */
  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    await this.lock?.release();
    this.lock = null;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const published = (await this.holdsLock()) ? await this.publishBatch() : 0;
        if (published > 0) await pause(published < busyEvents ? gatherMs : busyGatherMs);
        // Without the lock a wake-up is for the relay that has it.
        else await this.sleep(pollMs, this.lock !== null);
      } catch (error) {
        this.observer.relayFailed(error);
        await this.sleep(retryMs, false);
      }
    }
    // What was committed just before the stop still goes out, if the broker takes it.
    if (this.lock && this.broker.connected) await this.publishBatch().catch(() => 0);
  }

  private async publishBatch(): Promise<number> {
    const rows = await readOutbox(this.database.reader, batchSize);
    if (rows.length === 0) return 0;
    const messages = rows.flatMap((row) => row.messages);
    await this.broker.publish(messages);
    await this.database.transaction((tx) =>
      clearOutbox(
        tx,
        rows.map(({ id }) => id),
      ),
    );
    this.observer.eventsPublished(messages.length);
    return messages.length;
  }

  private async holdsLock(): Promise<boolean> {
    const due = Date.now() - this.lockCheckedAt > lockCheckMs;
    if (this.lock && !due) return true;
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.database.acquireLock('outbox-relay');
    this.lockCheckedAt = Date.now();
    return this.lock !== null;
  }

  /** Until the time is over, the relay is stopped or, when it may be woken, somebody wakes it. */
  private async sleep(milliseconds: number, wakeable: boolean): Promise<void> {
    if (!this.stopped && !(wakeable && this.woken)) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wakeUp = () => {
          if (wakeable || this.stopped) resolve();
        };
        timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
    }
    this.woken = false;
  }
}
