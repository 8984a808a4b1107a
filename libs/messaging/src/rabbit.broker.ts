import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { type EventQueueName, type ServiceName } from '#contracts';
import { pause, type BatchHandler } from './batch.consumer.js';
import type { Broker, Consumer } from './broker.js';
import type { EventMessage, Reply, RequestMessage } from './message.js';
import { RabbitConnection, type ConnectionLog } from './rabbit.connection.js';
import { RabbitEventConsumer } from './rabbit.event.consumer.js';
import { RabbitPublisher } from './rabbit.publisher.js';
import { RabbitRequester } from './rabbit.requester.js';
import { declareTopology, requestQueueName } from './rabbit.topology.js';

export interface RabbitBrokerOptions {
  url: string;
  log: ConnectionLog;
  onPoison?: (queue: string, error: unknown) => void;
}

/** The broker over RabbitMQ. Each part has a channel of its own, because the server closes a whole channel for one mistake. */
export class RabbitBroker implements Broker {
  private readonly requester = new RabbitRequester();
  private readonly publisher = new RabbitPublisher();

  private constructor(
    private readonly connection: RabbitConnection,
    private readonly options: RabbitBrokerOptions,
  ) {}

  static async connect(options: RabbitBrokerOptions): Promise<RabbitBroker> {
    const connection = new RabbitConnection(options.url, options.log);
    const broker = new RabbitBroker(connection, options);
    await connection.use(async (model) => {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      await declareTopology(channel);
      await channel.close();
    });
    const reset = (): void => void connection.reset();
    await connection.use((model) => broker.requester.setup(model, reset));
    await connection.use((model) => broker.publisher.setup(model, reset));
    return broker;
  }

  get connected(): boolean {
    return this.connection.connected;
  }

  request(service: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply> {
    return this.requester.request(service, message, timeoutMs);
  }

  publish(messages: readonly EventMessage[]): Promise<void> {
    return this.publisher.publish(messages);
  }

  async serve(service: ServiceName, handle: (message: RequestMessage) => Promise<Reply>, options: { concurrency: number }): Promise<Consumer> {
    const server = new RequestServer(requestQueueName(service), handle, options.concurrency);
    const forget = await this.connection.use((model) => server.setup(model, () => void this.connection.reset()));
    return {
      stop: async () => {
        forget();
        await server.stop();
      },
    };
  }

  async subscribe(queue: EventQueueName, handle: BatchHandler, options: { batchSize: number }): Promise<Consumer> {
    const consumer = new RabbitEventConsumer(queue, handle, options.batchSize, this.options.onPoison ?? (() => undefined));
    const forget = await this.connection.use((model) => consumer.setup(model, () => void this.connection.reset()));
    return {
      stop: async () => {
        forget();
        await consumer.stop();
      },
    };
  }

  async close(): Promise<void> {
    this.requester.failAll('system.unavailable');
    await this.connection.close();
  }
}

class RequestServer {
  private channel: Channel | null = null;
  private consumerTag = '';
  private inFlight = 0;
  private stopped = false;

  constructor(
    private readonly queue: string,
    private readonly handle: (message: RequestMessage) => Promise<Reply>,
    private readonly concurrency: number,
  ) {}

  async setup(model: ChannelModel, reset: () => void): Promise<void> {
    if (this.stopped) return;
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      if (!this.stopped) reset();
    });
    await channel.prefetch(this.concurrency);
    this.channel = channel;
    const { consumerTag } = await channel.consume(this.queue, (raw) => void this.receive(channel, raw));
    this.consumerTag = consumerTag;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.channel?.cancel(this.consumerTag).catch(() => undefined);
    while (this.inFlight > 0) await pause(5);
    await this.channel?.close().catch(() => undefined);
  }

  private async receive(channel: Channel, raw: ConsumeMessage | null): Promise<void> {
    if (!raw) return;
    this.inFlight += 1;
    try {
      const reply = await this.handle(JSON.parse(raw.content.toString()) as RequestMessage);
      if (channel !== this.channel) return;
      const { replyTo, correlationId } = raw.properties as { replyTo?: string; correlationId?: string };
      // Reply, then acknowledge: a crash in between repeats the request, and the inbox answers it again.
      if (replyTo) channel.publish('', replyTo, Buffer.from(JSON.stringify(reply)), { correlationId: correlationId ?? '' });
      channel.ack(raw);
    } catch {
      if (channel === this.channel) channel.nack(raw, false, false);
    } finally {
      this.inFlight -= 1;
    }
  }
}
