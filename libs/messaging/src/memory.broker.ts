import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, eventNamesOf, eventQueueNames, type EventQueueName, type ServiceName } from '#contracts';
import { handlePatiently, pause, redeliveryDelayMs, type BatchHandler } from './batch.consumer.js';
import { deliveryLimit, type Broker, type Consumer } from './broker.js';
import type { EventMessage, Reply, RequestMessage } from './message.js';
import { Semaphore } from './semaphore.js';

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

  constructor(private readonly options: { deadLetterFile?: string; onDeadLetter?: (queue: string) => void } = {}) {}

  async request(service: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply> {
    const server = this.servers.get(service);
    if (!server || this.closed) throw new AppError('system.unavailable');
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new AppError('system.timeout')), timeoutMs);
    });
    try {
      return copy(await Promise.race([this.handleRequest(server, copy(message)), timeout]));
    } finally {
      clearTimeout(timer);
    }
  }

  async serve(service: ServiceName, handle: (message: RequestMessage) => Promise<Reply>, options: { concurrency: number }): Promise<Consumer> {
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
    const missing = eventQueueNames.filter((name) => !this.subscriptions.some(({ queue }) => queue === name));
    // Without its reader a queue would lose the message: it stays in the outbox until all of them listen.
    if (this.closed || missing.length > 0) throw new Error(`nobody reads ${missing.join(', ') || 'any queue'} yet`);
    const copies = messages.map(copy);
    await Promise.all(
      this.subscriptions.map(async (subscription) => {
        const wanted = copies.filter(({ name }) => subscription.events.includes('#') || subscription.events.includes(name));
        if (wanted.length > 0) await this.deliver(subscription, wanted);
      }),
    );
  }

  async subscribe(queue: EventQueueName, handle: BatchHandler): Promise<Consumer> {
    const subscription: Subscription = { queue, events: eventNamesOf(queue), handle, stopped: false, work: Promise.resolve() };
    this.subscriptions.push(subscription);
    return {
      stop: async () => {
        subscription.stopped = true;
        await subscription.work.catch(() => undefined);
        this.subscriptions.splice(this.subscriptions.indexOf(subscription), 1);
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.subscriptions.map(({ work }) => work.catch(() => undefined)));
  }

  private async handleRequest(server: Server, message: RequestMessage): Promise<Reply> {
    if (!(await server.places.enter())) throw new AppError('system.unavailable');
    try {
      return await server.handle(message);
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

  private async handleBatch(subscription: Subscription, batch: readonly EventMessage[]): Promise<void> {
    const { handle } = subscription;
    const stopped = (): boolean => subscription.stopped || this.closed;
    try {
      await handlePatiently(handle, batch, stopped);
    } catch {
      for (const message of batch) await this.handleAlone(subscription, message, stopped);
    }
  }

  private async handleAlone(subscription: Subscription, message: EventMessage, stopped: () => boolean): Promise<void> {
    for (let deliveries = 1; ; deliveries += 1) {
      try {
        return await handlePatiently(subscription.handle, [copy(message)], stopped);
      } catch (error) {
        if (stopped()) throw error;
        if (deliveries >= deliveryLimit) return this.bury(subscription.queue, message, error);
        await pause(redeliveryDelayMs(deliveries));
      }
    }
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

function copy<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
