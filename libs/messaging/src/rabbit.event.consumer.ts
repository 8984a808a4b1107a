import { setTimeout as pause } from 'node:timers/promises';
import { IllegalOperationError, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { handleBatch, redeliveryDelayMs, type BatchHandler } from './batch.consumer.js';
import { PoisonError, type Consumer, type SubscribeOptions } from './broker.js';
import { eventsIn } from './event.bundle.js';
import type { EventMessage } from './message.js';
import { abandon } from './rabbit.connection.js';
import { earlierDeliveriesHeader } from './rabbit.publisher.js';

/** One message of the broker: an event, or a bundle of them. */
interface Delivery {
  readonly channel: Channel;
  readonly raw: ConsumeMessage;
  readonly events: readonly EventMessage[];
  readonly redeliveries: number;
  /** Events whose handling has not ended yet. */
  open: number;
  readonly failures: { event: EventMessage; error: unknown }[];
}

export interface EventConsumerOptions extends SubscribeOptions {
  deliveryLimit: number;
  onPoison: (queue: string, error: unknown) => void;
  /** Puts events that were delivered `deliveries` times into the queue, each alone; resolves when they are safe there. */
  publishAlone: (queue: string, events: readonly EventMessage[], deliveries: number) => Promise<void>;
}

/** Each batch costs a transaction and a few round trips, whatever its size. */
const defaultGatherMs = 50;
/** Each may be a bundle of a quarter of a megabyte. */
const messagesAheadAtMost = 200;
/** A bundle that comes again this often is taken apart: one event in it may end the process that handles it. */
const redeliveriesOfBundleAtMost = 3;

/** Takes one event queue in order, several messages at a time, and acknowledges after the work is committed. */
export class RabbitEventConsumer implements Consumer {
  private readonly buffer: Delivery[] = [];
  /** Failed messages on their way back to the queue. They count as unacknowledged, so the prefetch bounds them. */
  private readonly delayed = new Set<NodeJS.Timeout>();
  /** Bundles whose failed events are on their way back to the queue, each alone. */
  private readonly parting = new Set<Promise<void>>();
  /** Handled and not yet acknowledged, in the order of their delivery. */
  private handled: Delivery[] = [];
  private channel: Channel | null = null;
  private consumerTag = '';
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly queue: string,
    private readonly handle: BatchHandler,
    private readonly options: EventConsumerOptions,
  ) {}

  async setup(model: ChannelModel): Promise<void> {
    if (this.stopped) return;
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      if (!this.stopped) abandon(model);
    });
    await channel.prefetch(Math.min(this.options.batchSize * 2, messagesAheadAtMost));
    // What an old channel delivered will be delivered again on this one.
    this.buffer.length = 0;
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (raw) => {
      if (raw) this.receive(channel, raw);
      // The queue is gone and this consumer with it: connect anew, which declares it again.
      else abandon(model);
    });
    this.consumerTag = consumerTag;
  }

  /** What was not acknowledged goes back to the queue when the channel closes. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.channel?.cancel(this.consumerTag).catch(() => undefined);
    this.buffer.length = 0;
    await this.working;
    await Promise.all(this.parting);
    for (const timer of this.delayed) clearTimeout(timer);
    await this.channel?.close().catch(() => undefined);
  }

  private receive(channel: Channel, raw: ConsumeMessage): void {
    if (this.stopped) return;
    const events = eventsIn(raw.content);
    const { headers = {} } = raw.properties;
    const redeliveries = Number(headers['x-delivery-count'] ?? 0) + Number(headers[earlierDeliveriesHeader] ?? 0);
    if (!events) {
      this.options.onPoison(this.queue, new PoisonError('not an event message'));
      answer(() => channel.nack(raw, false, false));
      return;
    }
    this.buffer.push({ channel, raw, events, redeliveries, open: events.length, failures: [] });
    this.working ??= this.work().finally(() => (this.working = null));
  }

  private async work(): Promise<void> {
    // Let what has already arrived gather, so that a busy queue is handled in few transactions.
    await new Promise((resolve) => setImmediate(resolve));
    const { batchSize, gatherMs = defaultGatherMs } = this.options;
    while (this.buffer.length > 0 && !this.stopped) {
      const batch = this.nextBatch();
      const [first] = batch;
      if (first && first.events.length > 1 && first.redeliveries >= redeliveriesOfBundleAtMost) {
        this.part(first, first.events);
        continue;
      }
      await this.handleDeliveries(batch);
      // Redelivered messages go one by one: each of them is a batch already.
      const isGathering = this.waiting < batchSize && !this.buffer[0]?.redeliveries;
      if (isGathering && !this.stopped) await pause(gatherMs);
    }
  }

  /** Events in the buffer. */
  private get waiting(): number {
    return this.buffer.reduce((sum, { events }) => sum + events.length, 0);
  }

  private async handleDeliveries(batch: readonly Delivery[]): Promise<void> {
    const stopped = (): boolean => this.stopped || batch[0]?.channel !== this.channel;
    const events = eventsOf(batch);
    await handleBatch(
      this.handle,
      events.map(({ event }) => event),
      stopped,
      (index, failure) => {
        const { delivery, event } = events[index] as (typeof events)[number];
        if (failure) delivery.failures.push({ event, error: failure.error });
        delivery.open -= 1;
        if (delivery.open === 0) this.settle(delivery);
      },
    );
  }

  /** As many messages as fill a batch. A redelivered one goes alone: it may be a bad one, which would spoil a whole batch once more. */
  private nextBatch(): Delivery[] {
    let count = 0;
    let size = 0;
    for (const { events, redeliveries } of this.buffer) {
      if (count > 0 && (redeliveries > 0 || size + events.length > this.options.batchSize)) break;
      count += 1;
      size += events.length;
      if (redeliveries > 0) break;
    }
    return this.buffer.splice(0, count);
  }

  /** Acknowledges, gives up, or hands back for another try after a while; meanwhile the others go on. */
  private settle(delivery: Delivery): void {
    const { channel, raw, events, failures, redeliveries } = delivery;
    if (channel !== this.channel) return;
    const [failure] = failures;
    if (!failure) return this.acknowledgeSoon(delivery);
    const failed = failures.map(({ event }) => event);
    if (events.length > 1) return this.part(delivery, failed);
    if (failure.error instanceof PoisonError || redeliveries + 1 >= this.options.deliveryLimit) {
      this.options.onPoison(this.queue, failure.error);
      return answer(() => channel.nack(raw, false, false));
    }
    this.handBackLater(delivery);
  }

  private handBackLater({ channel, raw, redeliveries }: Delivery): void {
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      if (channel === this.channel) answer(() => channel.nack(raw, false, true));
    }, redeliveryDelayMs(redeliveries));
    this.delayed.add(timer);
  }

  /**
   * Sends events of a bundle back into the queue, each alone, where its deliveries are counted and it becomes a dead letter by itself;
   * then the bundle is done. A crash in between repeats the bundle: what was handled of it is known to the inbox.
   */
  private part(delivery: Delivery, events: readonly EventMessage[]): void {
    const work = this.options
      .publishAlone(this.queue, events, delivery.redeliveries + 1)
      .then(() => {
        if (delivery.channel === this.channel) answer(() => delivery.channel.ack(delivery.raw));
      })
      .catch(() => this.handBackLater(delivery))
      .finally(() => this.parting.delete(work));
    this.parting.add(work);
  }

  /** Together with what else is settled in this turn: the server then works through one acknowledgement for a whole batch. */
  private acknowledgeSoon(delivery: Delivery): void {
    this.handled.push(delivery);
    if (this.handled.length === 1) queueMicrotask(() => this.acknowledge());
  }

  private acknowledge(): void {
    const deliveries = this.handled.filter(({ channel }) => channel === this.channel);
    this.handled = [];
    const last = deliveries.at(-1);
    // Batches are settled in the order of delivery, so that everything up to the last one is done, unless some wait to go back.
    if (last && this.delayed.size + this.parting.size === 0) return answer(() => last.channel.ack(last.raw, true));
    for (const { channel, raw } of deliveries) answer(() => channel.ack(raw));
  }
}

/** A channel that is being closed takes no answer; then its messages are delivered again. */
function answer(send: () => void): void {
  try {
    send();
  } catch (error) {
    if (!(error instanceof IllegalOperationError)) throw error;
  }
}

function eventsOf(deliveries: readonly Delivery[]): { delivery: Delivery; event: EventMessage }[] {
  return deliveries.flatMap((delivery) => delivery.events.map((event) => ({ delivery, event })));
}
