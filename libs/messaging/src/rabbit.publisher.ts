import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { EventMessage } from './message.js';
import { abandon } from './rabbit.connection.js';
import { eventsExchange } from './rabbit.topology.js';

const confirmTimeoutMs = 10_000;

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

  async publish(messages: readonly EventMessage[]): Promise<void> {
    const { channel } = this;
    if (!channel) throw new Error('RabbitMQ is not connected');
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('RabbitMQ did not confirm in time')), confirmTimeoutMs);
    });
    try {
      await Promise.race([Promise.all(messages.map((message) => publishOne(channel, message))), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function publishOne(channel: ConfirmChannel, message: EventMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.publish(
      eventsExchange,
      message.name,
      Buffer.from(JSON.stringify(message)),
      {
        messageId: message.id,
        type: message.name,
        appId: message.service,
        timestamp: Math.floor(Date.parse(message.occurred_at) / 1000),
        contentType: 'application/json',
        persistent: true,
        headers: message.call.traceparent ? { traceparent: message.call.traceparent } : {},
      },
      (error: unknown) => (error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve()),
    );
  });
}
