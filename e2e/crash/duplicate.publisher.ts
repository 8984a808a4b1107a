import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { setTimeout as pause } from 'node:timers/promises';
import { RandomSource } from './random.source.js';

const copiesQueue = 'crash.copies';
const copyHeader = 'x-crash-copy';
const shareOfEvents = 0.1;
const shareOfRequests = 0.1;
const reconnectMs = 200;
const waitingAtMost = 5_000;

/**
 * Delivers again what the platform has sent to itself: a tenth of all events twice more, and a tenth of all requests to `points`
 * once more, as a broker may after a failure.
 */
export class DuplicatePublisher {
  readonly counts = { events: 0, requests: 0 };
  private readonly random: RandomSource;
  private model: ChannelModel | null = null;
  private stopped = false;
  private running: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    seed: number,
  ) {
    this.random = new RandomSource(seed);
  }

  start(): void {
    this.running = this.run();
  }

  /** Stops copying and takes its queue away. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.model?.close().catch(() => undefined);
    await this.running;
    const model = await connect(this.url);
    const channel = await model.createChannel();
    await channel.deleteQueue(copiesQueue);
    await model.close();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.copyUntilDisconnected().catch(() => undefined);
      if (!this.stopped) await pause(reconnectMs);
    }
  }

  private async copyUntilDisconnected(): Promise<void> {
    const model = await connect(this.url, { timeout: 2_000 });
    this.model = model;
    const closed = new Promise<void>((resolve) => model.once('close', () => resolve()));
    model.on('error', () => undefined);
    if (this.stopped) await model.close();
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    await channel.assertQueue(copiesQueue, { durable: true, arguments: { 'x-max-length': waitingAtMost } });
    await channel.bindQueue(copiesQueue, 'events', '#');
    await channel.bindQueue(copiesQueue, 'requests', 'points');
    await channel.consume(copiesQueue, (message) => message && this.copy(channel, message), { noAck: true });
    await closed;
  }

  private copy(channel: Channel, { content, fields, properties }: ConsumeMessage): void {
    if (properties.headers?.[copyHeader]) return;
    const isEvent = fields.exchange === 'events';
    if (!this.random.chance(isEvent ? shareOfEvents : shareOfRequests)) return;
    const { messageId, type, appId, contentType, headers } = properties;
    // Without replyTo: nobody waits for the copy's answer.
    const options = {
      messageId,
      type,
      appId,
      contentType,
      persistent: isEvent,
      headers: { ...headers, [copyHeader]: 1 },
    };
    const times = isEvent ? 2 : 1;
    try {
      for (let copy = 0; copy < times; copy += 1) channel.publish(fields.exchange, fields.routingKey, content, options);
      this.counts[isEvent ? 'events' : 'requests'] += times;
    } catch {
      // The channel is closing: no copy then.
    }
  }
}
