import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { handlePatiently, pause, redeliveryDelayMs, type BatchHandler } from './batch.consumer.js';
import type { Consumer } from './broker.js';
import type { EventMessage } from './message.js';

interface Delivery {
  readonly channel: Channel;
  readonly raw: ConsumeMessage;
  readonly message: EventMessage;
}

/** Takes one event queue in order, several messages at a time, and acknowledges after the work is committed. */
export class RabbitEventConsumer implements Consumer {
  private readonly buffer: Delivery[] = [];
  private channel: Channel | null = null;
  private consumerTag = '';
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly queue: string,
    private readonly handle: BatchHandler,
    private readonly batchSize: number,
    private readonly onPoison: (queue: string, error: unknown) => void,
  ) {}

  async setup(model: ChannelModel, reset: () => void): Promise<void> {
    if (this.stopped) return;
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      if (!this.stopped) reset();
    });
    await channel.prefetch(this.batchSize * 2);
    // What an old channel delivered will be delivered again on this one.
    this.buffer.length = 0;
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (raw) => this.receive(channel, raw));
    this.consumerTag = consumerTag;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.channel?.cancel(this.consumerTag).catch(() => undefined);
    this.buffer.length = 0;
    await this.working;
    await this.channel?.close().catch(() => undefined);
  }

  private receive(channel: Channel, raw: ConsumeMessage | null): void {
    if (!raw || this.stopped) return;
    const message = parseEvent(raw);
    if (!message) {
      this.onPoison(this.queue, new Error('not an event message'));
      channel.nack(raw, false, false);
      return;
    }
    this.buffer.push({ channel, raw, message });
    this.working ??= this.work().finally(() => (this.working = null));
  }

  private async work(): Promise<void> {
    // Let what has already arrived gather, so that a busy queue is handled in few transactions.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.buffer.length > 0 && !this.stopped) {
      const batch = this.buffer.splice(0, this.batchSize);
      const stopped = (): boolean => this.stopped || batch[0]?.channel !== this.channel;
      try {
        await handlePatiently(this.handle, batch.map(({ message }) => message), stopped);
        for (const delivery of batch) this.settle(delivery, true);
      } catch {
        for (const delivery of batch) await this.handleAlone(delivery, stopped);
      }
    }
  }

  private async handleAlone(delivery: Delivery, stopped: () => boolean): Promise<void> {
    if (stopped()) return;
    try {
      await handlePatiently(this.handle, [delivery.message], stopped);
      this.settle(delivery, true);
    } catch (error) {
      if (stopped()) return;
      const redeliveries = Number(delivery.raw.properties.headers?.['x-delivery-count'] ?? 0);
      this.onPoison(this.queue, error);
      await pause(redeliveryDelayMs(redeliveries));
      this.settle(delivery, false);
    }
  }

  /** Acknowledges, or hands back for another try; the queue's delivery limit decides when it is a dead letter. */
  private settle({ channel, raw }: Delivery, handled: boolean): void {
    if (channel !== this.channel) return;
    if (handled) channel.ack(raw);
    else channel.nack(raw, false, true);
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
