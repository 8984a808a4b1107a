import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { AppError } from '#contracts';
import { pause } from './batch.consumer.js';
import type { Consumer } from './broker.js';
import type { Reply, RequestMessage } from './message.js';
import { abandon } from './rabbit.connection.js';

/** Takes one service's request queue, a bounded number at a time. */
export class RabbitRequestServer implements Consumer {
  private channel: Channel | null = null;
  private consumerTag = '';
  private inFlight = 0;
  private stopped = false;

  constructor(
    private readonly queue: string,
    private readonly handle: (message: RequestMessage) => Promise<Reply>,
    private readonly concurrency: number,
  ) {}

  async setup(model: ChannelModel): Promise<void> {
    if (this.stopped) return;
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      if (!this.stopped) abandon(model);
    });
    await channel.prefetch(this.concurrency);
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (raw) => {
      if (raw) void this.receive(channel, raw);
      // The queue is gone and this consumer with it: connect anew, which declares it again.
      else abandon(model);
    });
    this.consumerTag = consumerTag;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.channel?.cancel(this.consumerTag).catch(() => undefined);
    while (this.inFlight > 0) await pause(5);
    await this.channel?.close().catch(() => undefined);
  }

  private async receive(channel: Channel, raw: ConsumeMessage): Promise<void> {
    this.inFlight += 1;
    try {
      const reply = await this.replyTo(raw);
      // Delivered by a connection that is gone: it comes again, and the inbox answers it.
      if (channel !== this.channel) return;
      const { replyTo, correlationId } = raw.properties as { replyTo?: string; correlationId?: string };
      // Reply, then acknowledge: a crash in between repeats the request.
      if (replyTo)
        channel.publish('', replyTo, Buffer.from(JSON.stringify(reply)), { correlationId: correlationId ?? '' });
      channel.ack(raw);
    } catch {
      // The channel is closing: as above.
    } finally {
      this.inFlight -= 1;
    }
  }

  private async replyTo(raw: ConsumeMessage): Promise<Reply> {
    try {
      return await this.handle(JSON.parse(raw.content.toString()) as RequestMessage);
    } catch {
      return { ok: false, error: new AppError('system.internal').toWire() };
    }
  }
}
