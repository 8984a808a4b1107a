import { connect } from 'amqplib';
import Fastify from 'fastify';

/** The raw ceiling's gateway: Fastify and a direct reply-to request, without checks, limits, metrics or logs. */
const channelModel = await connect(process.env['RABBITMQ_URL'] ?? '', { noDelay: true });
const channel = await channelModel.createChannel();
const waiting = new Map<string, (reply: string) => void>();
let sequence = 0;
await channel.consume(
  'amq.rabbitmq.reply-to',
  (message) => {
    const correlationId = String(message?.properties.correlationId);
    const answer = waiting.get(correlationId);
    waiting.delete(correlationId);
    answer?.(message?.content.toString() ?? '');
  },
  { noAck: true },
);

const server = Fastify();
server.get('/health', () => ({ status: 'ok' }));
server.get<{ Params: { user: string } }>('/balance/:user', async (request) => {
  sequence += 1;
  const correlationId = String(sequence);
  const reply = await new Promise<string>((resolve) => {
    waiting.set(correlationId, resolve);
    const content = Buffer.from(JSON.stringify({ user: Number(request.params.user) }));
    channel.publish('', 'raw.requests', content, { correlationId, replyTo: 'amq.rabbitmq.reply-to' });
  });
  return JSON.parse(reply) as object;
});
await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
process.on('SIGTERM', () => process.exit(0));
