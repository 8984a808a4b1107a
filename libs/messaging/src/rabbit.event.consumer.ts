import { IllegalOperationError, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { handleBatch, pause, redeliveryDelayMs, type BatchHandler } from './batch.consumer.js';
import { PoisonError, type Consumer, type SubscribeOptions } from './broker.js';
import type { EventMessage } from './message.js';
import { abandon } from './rabbit.connection.js';

interface Delivery {
  readonly channel: Channel;
  readonly raw: ConsumeMessage;
  readonly message: EventMessage;
  readonly redeliveries: number;
}

export interface EventConsumerOptions extends SubscribeOptions {
  deliveryLimit: number;
  onPoison: (queue: string, error: unknown) => void;
}

/** Each batch costs a transaction and a few round trips, whatever its size. */
const defaultGatherMs = 50;

/** Takes one event queue in order, several messages at a time, and acknowledges after the work is committed. */
export class RabbitEventConsumer implements Consumer {
  private readonly buffer: Delivery[] = [];
  /** Failed messages on their way back to the queue. They count as unacknowledged, so the prefetch bounds them. */
  private readonly delayed = new Set<NodeJS.Timeout>();
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
    await channel.prefetch(this.options.batchSize * 2);
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
    for (const timer of this.delayed) clearTimeout(timer);
    await this.channel?.close().catch(() => undefined);
  }

  private receive(channel: Channel, raw: ConsumeMessage): void {
    if (this.stopped) return;
    const message = parseEvent(raw);
    const redeliveries = Number(raw.properties.headers?.['x-delivery-count'] ?? 0);
    if (!message) {
      this.options.onPoison(this.queue, new PoisonError('not an event message'));
      answer(() => channel.nack(raw, false, false));
      return;
    }
    this.buffer.push({ channel, raw, message, redeliveries });
    this.working ??= this.work().finally(() => (this.working = null));
  }

  private async work(): Promise<void> {
    // Let what has already arrived gather, so that a busy queue is handled in few transactions.
    await new Promise((resolve) => setImmediate(resolve));
    const { batchSize, gatherMs = defaultGatherMs } = this.options;
    while (this.buffer.length > 0 && !this.stopped) {
      const batch = this.nextBatch();
      const stopped = (): boolean => this.stopped || batch[0]?.channel !== this.channel;
      const messages = batch.map(({ message }) => message);
      await handleBatch(this.handle, messages, stopped, (index, failure) =>
        this.settle(batch[index] as Delivery, failure),
      );
      // Redelivered messages go one by one: each of them is a batch already.
      const isGathering = this.buffer.length < batchSize && !this.buffer[0]?.redeliveries;
      if (isGathering && !this.stopped) await pause(gatherMs);
    }
  }

  /** A redelivered message goes alone: it may be a bad one, which would spoil a whole batch once more. */
  private nextBatch(): Delivery[] {
    const { batchSize } = this.options;
    const firstRedelivered = this.buffer.findIndex(({ redeliveries }) => redeliveries > 0);
    const fresh = firstRedelivered < 0 ? this.buffer.length : firstRedelivered;
    return this.buffer.splice(0, Math.max(1, Math.min(batchSize, fresh)));
  }

  /** Acknowledges, gives up, or hands back for another try after a while; meanwhile the others go on. */
  private settle(delivery: Delivery, failure?: { error: unknown }): void {
    const { channel, raw, redeliveries } = delivery;
    if (channel !== this.channel) return;
    if (!failure) return this.acknowledgeSoon(delivery);
    if (failure.error instanceof PoisonError || redeliveries + 1 >= this.options.deliveryLimit) {
      this.options.onPoison(this.queue, failure.error);
      return answer(() => channel.nack(raw, false, false));
    }
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      if (channel === this.channel) answer(() => channel.nack(raw, false, true));
    }, redeliveryDelayMs(redeliveries));
    this.delayed.add(timer);
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
    if (last && this.delayed.size === 0) return answer(() => last.channel.ack(last.raw, true));
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

function parseEvent(raw: ConsumeMessage): EventMessage | null {
  try {
    const message = JSON.parse(raw.content.toString()) as Partial<EventMessage> | null;
    if (typeof message?.id !== 'string' || typeof message.name !== 'string' || !message.call) return null;
    return message as EventMessage;
  } catch {
    return null;
  }
}
