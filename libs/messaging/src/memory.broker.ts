import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, eventNamesOf, eventQueueNames, type EventQueueName, type ServiceName } from '#contracts';
import { handleBatch, redeliveryDelayMs, type BatchHandler } from './batch.consumer.js';
import { deliveryLimit, PoisonError, type Broker, type Consumer } from './broker.js';
import type { EventMessage, Reply, RequestMessage } from './message.js';
import { Semaphore } from './semaphore.js';

export interface MemoryBrokerOptions {
  /** Where given-up messages are kept, one JSON object per line. */
  deadLetterFile?: string;
  onDeadLetter?: (queue: string) => void;
  deliveryLimit?: number;
}

interface Server {
  handle(message: RequestMessage): Promise<Reply>;
  readonly places: Semaphore;
}

interface Subscription {
  readonly queue: EventQueueName;
  readonly events: readonly string[];
  readonly handle: BatchHandler;
  stopped: boolean;
  work: Promise<void>;
}

const waitingAtMost = 10_000;

/**
 * The in-process broker: same JSON round trip, same at-least-once semantics. It keeps nothing: `publish` resolves only when
 * every subscriber has handled the message (or it became a dead letter in the file), so that the outbox row, which is
 * durable, is the queue.
 */
export class MemoryBroker implements Broker {
  readonly connected = true;
  readonly deadLetters: { queue: string; message: EventMessage; error: string }[] = [];
  private readonly servers = new Map<ServiceName, Server>();
  private readonly subscriptions: Subscription[] = [];
  private closed = false;

  constructor(private readonly options: MemoryBrokerOptions = {}) {}

  async request(service: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply> {
    const server = this.servers.get(service);
    if (!server || this.closed) throw new AppError('system.unavailable');
    let timer: NodeJS.Timeout | undefined;
    let expired = false;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        expired = true;
        reject(new AppError('system.timeout'));
      }, timeoutMs);
    });
    try {
      return await Promise.race([this.handleRequest(server, message, () => expired), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  async serve(
    service: ServiceName,
    handle: (message: RequestMessage) => Promise<Reply>,
    options: { concurrency: number },
  ): Promise<Consumer> {
    const server: Server = { handle, places: new Semaphore(options.concurrency, waitingAtMost) };
    this.servers.set(service, server);
    return {
      stop: async () => {
        if (this.servers.get(service) === server) this.servers.delete(service);
        while (server.places.busy) await pause(5);
      },
    };
  }

  async publish(messages: readonly EventMessage[]): Promise<void> {
    const readers = this.subscriptions.filter(({ stopped }) => !stopped);
    const missing = eventQueueNames.filter((name) => !readers.some(({ queue }) => queue === name));
    // Without its reader a queue would lose the message: it stays in the outbox until all of them listen.
    if (this.closed || missing.length > 0) throw new Error(`nobody reads ${missing.join(', ') || 'any queue'} yet`);
    const copies = messages.map(copy);
    // All of them are waited for: a publisher that tried again while one is still busy would have it work twice.
    const outcomes = await Promise.allSettled(
      readers.map(async (subscription) => {
        const wanted = copies.filter(
          ({ name }) => subscription.events.includes('#') || subscription.events.includes(name),
        );
        if (wanted.length > 0) await this.deliver(subscription, wanted);
      }),
    );
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async subscribe(queue: EventQueueName, handle: BatchHandler): Promise<Consumer> {
    const subscription: Subscription = {
      queue,
      events: eventNamesOf(queue),
      handle,
      stopped: false,
      work: Promise.resolve(),
    };
    this.subscriptions.push(subscription);
    return {
      stop: async () => {
        subscription.stopped = true;
        await subscription.work.catch(() => undefined);
        const index = this.subscriptions.indexOf(subscription);
        if (index >= 0) this.subscriptions.splice(index, 1);
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.subscriptions.map(({ work }) => work.catch(() => undefined)));
  }

  private async handleRequest(server: Server, message: RequestMessage, expired: () => boolean): Promise<Reply> {
    if (!(await server.places.enter())) throw new AppError('system.unavailable');
    try {
      // Its caller has given up while it waited for a place.
      if (expired()) throw new AppError('system.timeout');
      return copy(await answer(server, copy(message)));
    } finally {
      server.places.leave();
    }
  }

  /** One queue handles its messages one batch after the other, in the order in which they were published. */
  private deliver(subscription: Subscription, batch: readonly EventMessage[]): Promise<void> {
    const work = subscription.work.catch(() => undefined).then(() => this.handleBatch(subscription, batch));
    subscription.work = work;
    return work;
  }

  /** Handles the batch, then what failed of it again and again, until all of it is handled or a dead letter. */
  private async handleBatch(subscription: Subscription, batch: readonly EventMessage[]): Promise<void> {
    const stopped = (): boolean => subscription.stopped || this.closed;
    let failed = await this.attempt(subscription, batch, stopped, 1);
    for (let deliveries = 2; failed.length > 0; deliveries += 1) {
      await pause(redeliveryDelayMs(deliveries - 2));
      const again: EventMessage[] = [];
      for (const message of failed) again.push(...(await this.attempt(subscription, [message], stopped, deliveries)));
      failed = again;
    }
  }

  /** One delivery. Resolves with what is to be delivered again. */
  private async attempt(
    { queue, handle }: Subscription,
    batch: readonly EventMessage[],
    stopped: () => boolean,
    deliveries: number,
  ): Promise<EventMessage[]> {
    if (stopped()) throw new Error(`the reader of ${queue} has stopped`);
    const failed: EventMessage[] = [];
    let settled = 0;
    await handleBatch(handle, batch.map(copy), stopped, (index, failure) => {
      settled += 1;
      if (!failure) return;
      const message = batch[index] as EventMessage;
      const isLast =
        failure.error instanceof PoisonError || deliveries >= (this.options.deliveryLimit ?? deliveryLimit);
      if (isLast) this.bury(queue, message, failure.error);
      else failed.push(message);
    });
    if (settled < batch.length) throw new Error(`the reader of ${queue} has stopped`);
    return failed;
  }

  private bury(queue: EventQueueName, message: EventMessage, error: unknown): void {
    const letter = { queue, message, error: String(error) };
    if (this.options.deadLetterFile) {
      mkdirSync(dirname(this.options.deadLetterFile), { recursive: true });
      appendFileSync(this.options.deadLetterFile, `${JSON.stringify(letter)}\n`);
    }
    if (this.deadLetters.length < waitingAtMost) this.deadLetters.push(letter);
    this.options.onDeadLetter?.(queue);
  }
}

async function answer(server: Server, message: RequestMessage): Promise<Reply> {
  try {
    return await server.handle(message);
  } catch {
    return { ok: false, error: new AppError('system.internal').toWire() };
  }
}

function copy<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
