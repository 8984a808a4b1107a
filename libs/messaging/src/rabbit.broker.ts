import type { EventQueueName, ServiceName } from '#contracts';
import type { BatchHandler } from './batch.consumer.js';
import { deliveryLimit, type Broker, type Consumer, type SubscribeOptions } from './broker.js';
import type { EventMessage, Reply, RequestMessage } from './message.js';
import { RabbitConnection, type ConnectionLog } from './rabbit.connection.js';
import { RabbitEventConsumer } from './rabbit.event.consumer.js';
import { RabbitPublisher } from './rabbit.publisher.js';
import { RabbitRequester } from './rabbit.requester.js';
import { RabbitRequestServer } from './rabbit.request.server.js';
import { declareTopology, requestQueueName } from './rabbit.topology.js';

export interface RabbitBrokerOptions {
  url: string;
  log: ConnectionLog;
  /** Called once for each message that this process gives up: it goes into the dead letters of its queue. */
  onPoison?: (queue: string, error: unknown) => void;
  /** Deliveries of one event before it is a dead letter. A property of the queues: the same in every process. */
  deliveryLimit?: number;
}

/** The broker over RabbitMQ. Each part has a channel of its own, because the server closes a whole channel for one mistake. */
export class RabbitBroker implements Broker {
  private readonly requester = new RabbitRequester();
  private readonly publisher = new RabbitPublisher();

  private constructor(
    private readonly connection: RabbitConnection,
    private readonly options: RabbitBrokerOptions,
  ) {}

  /** Resolves when the broker is there and has every exchange and queue; waits for it as long as it takes. */
  static async connect(options: RabbitBrokerOptions): Promise<RabbitBroker> {
    const connection = new RabbitConnection(options.url, options.log);
    const broker = new RabbitBroker(connection, options);
    try {
      await connection.use(async (model) => {
        const channel = await model.createChannel();
        channel.on('error', () => undefined);
        await declareTopology(channel, options.deliveryLimit ?? deliveryLimit);
        await channel.close();
      });
      await connection.use((model) => broker.requester.setup(model));
      await connection.use((model) => broker.publisher.setup(model));
    } catch (error) {
      await connection.close();
      throw error;
    }
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

  serve(
    service: ServiceName,
    handle: (message: RequestMessage) => Promise<Reply>,
    options: { concurrency: number },
  ): Promise<Consumer> {
    return this.attach(new RabbitRequestServer(requestQueueName(service), handle, options.concurrency));
  }

  subscribe(queue: EventQueueName, handle: BatchHandler, options: SubscribeOptions): Promise<Consumer> {
    const { onPoison = () => undefined, deliveryLimit: limit = deliveryLimit } = this.options;
    const publishAlone = this.publisher.publishAlone.bind(this.publisher);
    const consumer = { ...options, deliveryLimit: limit, onPoison, publishAlone };
    return this.attach(new RabbitEventConsumer(queue, handle, consumer));
  }

  async close(): Promise<void> {
    this.requester.failAll('system.unavailable');
    await this.connection.close();
  }

  private async attach(consumer: RabbitRequestServer | RabbitEventConsumer): Promise<Consumer> {
    const forget = await this.connection.use((model) => consumer.setup(model));
    return {
      stop: async () => {
        forget();
        await consumer.stop();
      },
    };
  }
}
