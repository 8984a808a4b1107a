import type { Channel } from 'amqplib';
import { eventNamesOf, eventQueueNames, serviceNames } from '#contracts';
import { requestTimeoutMs } from './broker.js';

export const requestsExchange = 'requests';
export const eventsExchange = 'events';
const deadExchange = 'dead';

const requestsAtMost = 20_000;
const eventsAtMost = 1_000_000;
const deadLettersAtMost = 100_000;

export function requestQueueName(service: string): string {
  return `requests.${service}`;
}

/** Declares every exchange, queue and binding. Idempotent: each process does it when it connects. */
export async function declareTopology(channel: Channel, deliveryLimit: number): Promise<void> {
  await channel.assertExchange(requestsExchange, 'direct', { durable: true });
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
  await channel.assertExchange(deadExchange, 'direct', { durable: true });
  for (const service of serviceNames) await declareRequestQueue(channel, service);
  for (const queue of eventQueueNames) await declareEventQueue(channel, queue, deliveryLimit);
}

/** A request is worth nothing after its caller has given up: it expires, and a broker restart may forget it. */
async function declareRequestQueue(channel: Channel, service: string): Promise<void> {
  const queue = requestQueueName(service);
  await channel.assertQueue(queue, {
    durable: true,
    arguments: { 'x-message-ttl': requestTimeoutMs, 'x-max-length': requestsAtMost, 'x-overflow': 'reject-publish' },
  });
  await channel.bindQueue(queue, requestsExchange, service);
}

/** Events survive a broker restart, are tried a bounded number of times and end in `dead.<queue>`, moved with confirms. */
async function declareEventQueue(
  channel: Channel,
  queue: (typeof eventQueueNames)[number],
  deliveryLimit: number,
): Promise<void> {
  const dead = `dead.${queue}`;
  // Full dead letters are not dropped: their queue keeps them until there is room.
  const deadArguments = { 'x-queue-type': 'quorum', 'x-max-length': deadLettersAtMost, 'x-overflow': 'reject-publish' };
  await channel.assertQueue(dead, { durable: true, arguments: deadArguments });
  await channel.bindQueue(dead, deadExchange, queue);
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      // The server counts redeliveries, and a consumer that dies cannot count for it.
      'x-delivery-limit': deliveryLimit - 1,
      'x-dead-letter-exchange': deadExchange,
      'x-dead-letter-routing-key': queue,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
      'x-max-length': eventsAtMost,
    },
  });
  for (const name of eventNamesOf(queue)) await channel.bindQueue(queue, eventsExchange, name);
}
