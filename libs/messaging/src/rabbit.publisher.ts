import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import { bundlesOf, type EventBundle } from './event.bundle.js';
import type { EventMessage } from './message.js';
import { abandon } from './rabbit.connection.js';
import { eventsExchange } from './rabbit.topology.js';

const confirmTimeoutMs = 10_000;
/** Routes to the queue that has the name of the routing key. */
const toOneQueue = '';
export const earlierDeliveriesHeader = 'x-earlier-deliveries';

/** Publishes events with confirms: resolved means that every queue which wants the message has it on disk. */
export class RabbitPublisher {
  private channel: ConfirmChannel | null = null;

  async setup(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = null;
      abandon(model);
    });
    this.channel = channel;
  }

  /** To whoever wants them; many events of a name travel in one message. */
  publish(messages: readonly EventMessage[]): Promise<void> {
    return this.send((channel) =>
      bundlesOf(messages).map((bundle) => publishOne(channel, { exchange: eventsExchange, key: bundle.name }, bundle)),
    );
  }

  /** To one queue, each in a message of its own that remembers how often it was delivered in its bundle. */
  publishAlone(queue: string, messages: readonly EventMessage[], deliveries: number): Promise<void> {
    const address = { exchange: toOneQueue, key: queue };
    const headers = { [earlierDeliveriesHeader]: deliveries };
    return this.send((channel) =>
      messages
        .flatMap((message) => bundlesOf([message]))
        .map((bundle) => publishOne(channel, address, bundle, headers)),
    );
  }

  private async send(start: (channel: ConfirmChannel) => Promise<void>[]): Promise<void> {
    const { channel } = this;
    if (!channel) throw new Error('RabbitMQ is not connected');
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('RabbitMQ did not confirm in time')), confirmTimeoutMs);
    });
    try {
      await Promise.race([Promise.all(start(channel)), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Address {
  exchange: string;
  key: string;
}

function publishOne(
  channel: ConfirmChannel,
  { exchange, key }: Address,
  bundle: EventBundle,
  headers: Record<string, number> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const properties = propertiesOf(bundle);
    Object.assign(properties.headers as object, headers);
    channel.publish(exchange, key, bundle.content, properties, (error: unknown) =>
      error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve(),
    );
  });
}

function propertiesOf({ name, events }: EventBundle): Options.Publish {
  const [first] = events as [EventMessage];
  const traceparent = events.length === 1 ? first.call.traceparent : undefined;
  return {
    messageId: first.id,
    type: name,
    appId: first.service,
    timestamp: Math.floor(Date.parse(first.occurred_at) / 1000),
    contentType: 'application/json',
    persistent: true,
    headers: { 'x-events': events.length, ...(traceparent && { traceparent }) },
  };
}
