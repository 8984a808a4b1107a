import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EmulatorCore } from './emulator.core.js';
import { bounds } from './emulator.options.js';

const heartbeatMs = 15_000;
/** Changes within this time are told together. */
const gatherMs = 40;

/** Server-sent events for the page: the ids of the chats that changed. */
export class PageEvents {
  private open = 0;

  constructor(private readonly core: EmulatorCore) {}

  stream(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (this.open >= bounds.eventStreams) {
      return reply.code(503).send({ error: 'too many open pages' });
    }
    this.open += 1;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    raw.write('retry: 1000\n\n');
    const changed = new Set<number>();
    let timer: NodeJS.Timeout | undefined;
    const tell = (): void => {
      timer = undefined;
      raw.write(`data: ${JSON.stringify({ chats: [...changed].slice(0, 1_000) })}\n\n`);
      changed.clear();
    };
    const note = (chatId: number): void => {
      changed.add(chatId);
      timer ??= setTimeout(tell, gatherMs);
    };
    const heartbeat = setInterval(() => raw.write(': alive\n\n'), heartbeatMs);
    this.core.world.events.on('change', note);
    raw.once('close', () => {
      this.open -= 1;
      clearTimeout(timer);
      clearInterval(heartbeat);
      this.core.world.events.off('change', note);
    });
    return reply;
  }
}
