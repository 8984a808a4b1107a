import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { AppError, type ServiceName } from '#contracts';
import type { Reply, RequestMessage } from './message.js';
import { abandon } from './rabbit.connection.js';
import { requestsExchange } from './rabbit.topology.js';
import { bundleType, idsIn, letterBundles, lettersIn, OutTray, type Letter } from './request.bundle.js';

interface Address {
  readonly service: ServiceName;
  readonly timeoutMs: number;
}

interface Pending {
  resolve(reply: Reply): void;
  reject(error: AppError): void;
  readonly timer: NodeJS.Timeout;
}

const inFlightAtMost = 4_000;
const shareOfPatience = 0.9;
const replyQueue = 'amq.rabbitmq.reply-to';
const idRadix = 36;

/**
 * Sends requests and pairs the replies, over direct reply-to. Requests that are made in one turn of the event loop share a message, for
 * each message costs the broker and both ends as much as many requests in it.
 */
export class RabbitRequester {
  private channel: Channel | null = null;
  private readonly pending = new Map<string, Pending>();
  private readonly tray = new OutTray<Address>((address, letters) => this.send(address, letters));
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
      this.refuse(idsIn(returned.properties.correlationId));
    });
    await channel.consume(replyQueue, (message) => this.receive(message), { noAck: true });
    this.channel = channel;
  }

  request(service: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply> {
    if (!this.channel || this.pending.size >= inFlightAtMost) return Promise.reject(new AppError('system.unavailable'));
    return new Promise((resolve, reject) => {
      this.sequence += 1;
      const id = this.sequence.toString(idRadix);
      const timer = setTimeout(() => this.take(id)?.reject(new AppError('system.timeout')), timeoutMs);
      this.pending.set(id, { resolve, reject, timer });
      this.tray.put(`${service} ${timeoutMs}`, { service, timeoutMs }, { id, text: JSON.stringify(message) });
    });
  }

  failAll(name: 'system.unavailable'): void {
    for (const id of [...this.pending.keys()]) this.take(id)?.reject(new AppError(name));
  }

  private receive(message: ConsumeMessage | null): void {
    if (!message) return;
    const ids = idsIn(message.properties.correlationId);
    try {
      const replies = lettersIn(message.content, ids.length) as Reply[];
      for (const [index, id] of ids.entries()) this.take(id)?.resolve(replies[index] as Reply);
    } catch {
      for (const id of ids) this.take(id)?.reject(new AppError('system.internal'));
    }
  }

  private send({ service, timeoutMs }: Address, letters: readonly Letter[]): void {
    const { channel } = this;
    if (!channel) return this.refuse(letters.map(({ id }) => id));
    for (const { correlationId, content } of letterBundles(letters)) {
      try {
        channel.publish(requestsExchange, service, content, {
          correlationId,
          replyTo: replyQueue,
          type: bundleType,
          contentType: 'application/json',
          // A little before its caller gives up: what is taken only then would be done for nobody.
          expiration: Math.ceil(timeoutMs * shareOfPatience),
          deliveryMode: 1,
          mandatory: true,
        });
      } catch {
        // The channel is closing; its `close` event has not come yet.
        this.refuse(idsIn(correlationId));
      }
    }
  }

  private refuse(ids: readonly string[]): void {
    for (const id of ids) this.take(id)?.reject(new AppError('system.unavailable'));
  }

  private take(id: string): Pending | undefined {
    const waiting = this.pending.get(id);
    if (!waiting) return undefined;
    this.pending.delete(id);
    clearTimeout(waiting.timer);
    return waiting;
  }
}
