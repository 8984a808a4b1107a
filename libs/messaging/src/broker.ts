import type { EventQueueName, ServiceName } from '#contracts';
import type { EventMessage, Reply, RequestMessage } from './message.js';

/** Something that takes messages until it is stopped; `stop` lets what is being handled finish. */
export interface Consumer {
  stop(): Promise<void>;
}

export interface SubscribeOptions {
  batchSize: number;
  gatherMs?: number;
}

export interface Broker {
  /**
   * Sends a request to its owner and waits for the reply.
   * Refusals: `system.unavailable` when nobody can take it or the connection broke, `system.timeout` when no reply came in
   * time. With RabbitMQ a service that is down is a timeout, since its queue waits for it. Neither refusal says that the
   * request was not handled: repeat a command under the same id. A request that nobody took in time is dropped.
   */
  request(service: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply>;
  /**
   * Takes a service's requests, at most `concurrency` at a time; a request is acknowledged after its reply was sent.
   * `handle` answers refusals as replies; should it throw, the caller gets `system.internal`.
   */
  serve(
    service: ServiceName,
    handle: (message: RequestMessage) => Promise<Reply>,
    options: { concurrency: number },
  ): Promise<Consumer>;
  /** Resolves once every message is safe in every queue that wants it; rejects otherwise (then any of them may have arrived). */
  publish(messages: readonly EventMessage[]): Promise<void>;
  /**
   * Takes events in order, up to `batchSize` at a time. When `handle` throws, the batch is tried again one by one; a message
   * that keeps failing is delivered again later, while others go on, and is put into the dead letters after `deliveryLimit`
   * deliveries, at once when `handle` threw a PoisonError. `gatherMs` is how long a small batch lets the next one wait, so that a
   * busy queue is handled in few large batches; the first event after a pause never waits.
   */
  subscribe(
    queue: EventQueueName,
    handle: (batch: readonly EventMessage[]) => Promise<void>,
    options: SubscribeOptions,
  ): Promise<Consumer>;
  /** Whether messages can be sent right now. */
  readonly connected: boolean;
  close(): Promise<void>;
}

/** Deliveries of one event before it is a dead letter. Kills of the consumer count too, hence not 3. */
export const deliveryLimit = 20;

/** Thrown by a handler when an engine is away: the message is fine and waits, without using up its deliveries. */
export class NotNowError extends Error {
  constructor(cause: unknown) {
    super('an engine is not available', { cause });
    this.name = 'NotNowError';
  }
}

/** Thrown by a handler for a message that nobody will ever be able to handle: it goes to the dead letters at once. */
export class PoisonError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'PoisonError';
  }
}

export const requestTimeoutMs = 5_000;
