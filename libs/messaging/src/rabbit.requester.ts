import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { AppError, type ServiceName } from '#contracts';
import type { Reply, RequestMessage } from './message.js';
import { abandon } from './rabbit.connection.js';
import { requestsExchange } from './rabbit.topology.js';

interface Pending {
  resolve(reply: Reply): void;
  reject(error: AppError): void;
  readonly timer: NodeJS.Timeout;
}

const inFlightAtMost = 4_000;
const shareOfPatience = 0.9;
const replyQueue = 'amq.rabbitmq.reply-to';

/** Sends requests and pairs the replies, over direct reply-to. */
export class RabbitRequester {
  private channel: Channel | null = null;
  private readonly pending = new Map<string, Pending>();
  private sequence = 0;

  get inFlight(): number {
    return this.pending.size;
  }

  async setup(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      this.failAll('system.unavailable');
      abandon(model);
    });
    // Nobody is bound to the service's name: tell the caller at once instead of letting it wait.
    channel.on('return', (returned: { properties: { correlationId?: string } }) => {
      this.take(returned.properties.correlationId)?.reject(new AppError('system.unavailable'));
    });
    await channel.consume(replyQueue, (message) => this.receive(message), { noAck: true });
    this.channel = channel;
  }

  request(service: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply> {
    const { channel } = this;
    if (!channel || this.pending.size >= inFlightAtMost) return Promise.reject(new AppError('system.unavailable'));
    return new Promise((resolve, reject) => {
      this.sequence += 1;
      const correlationId = String(this.sequence);
      const timer = setTimeout(() => this.take(correlationId)?.reject(new AppError('system.timeout')), timeoutMs);
      this.pending.set(correlationId, { resolve, reject, timer });
      try {
        send(channel, service, message, { correlationId, timeoutMs });
      } catch {
        // The channel is closing; its `close` event has not come yet.
        this.take(correlationId)?.reject(new AppError('system.unavailable'));
      }
    });
  }

  failAll(name: 'system.unavailable'): void {
    for (const correlationId of [...this.pending.keys()]) this.take(correlationId)?.reject(new AppError(name));
  }

  private receive(message: ConsumeMessage | null): void {
    if (!message) return;
    const waiting = this.take(message.properties.correlationId as string | undefined);
    if (!waiting) return;
    try {
      waiting.resolve(JSON.parse(message.content.toString()) as Reply);
    } catch {
      waiting.reject(new AppError('system.internal'));
    }
  }

  private take(correlationId: string | undefined): Pending | undefined {
    const waiting = correlationId === undefined ? undefined : this.pending.get(correlationId);
    if (!waiting || correlationId === undefined) return undefined;
    this.pending.delete(correlationId);
    clearTimeout(waiting.timer);
    return waiting;
  }
}

/** The message expires a little before its caller gives up: what is taken only then would be done for nobody. */
function send(
  channel: Channel,
  service: ServiceName,
  message: RequestMessage,
  reply: { correlationId: string; timeoutMs: number },
): void {
  channel.publish(requestsExchange, service, Buffer.from(JSON.stringify(message)), {
    correlationId: reply.correlationId,
    replyTo: replyQueue,
    messageId: message.id,
    type: message.contract,
    contentType: 'application/json',
    expiration: Math.ceil(reply.timeoutMs * shareOfPatience),
    deliveryMode: 1,
    mandatory: true,
  });
}
