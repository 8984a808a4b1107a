import Fastify, { type FastifyInstance } from 'fastify';
import { Telegraf } from 'telegraf';
import { BotEmulator } from './bot.emulator.js';
import type { BotEmulatorOptions } from './emulator.options.js';
import type { Update } from './telegram.types.js';

/** For the emulator's own tests: a made-up token, real telegraf, a real webhook server. */
export const testToken = ['4242', 'emulated'].join(':');

export async function startEmulator(options: Partial<BotEmulatorOptions> = {}): Promise<BotEmulator> {
  const emulator = new BotEmulator({ token: testToken, botUsername: 'coser_bot', ...options });
  await emulator.start();
  return emulator;
}

export function telegrafFor(emulator: BotEmulator, token = testToken): Telegraf {
  return new Telegraf(token, { telegram: { apiRoot: emulator.url } });
}

/** Starts polling without waiting for its end; returns the function which stops it. */
export function launchPolling(bot: Telegraf): () => void {
  const running = bot.launch({ dropPendingUpdates: false });
  running.catch(() => undefined);
  return () => bot.stop();
}

export interface WebhookBot {
  url: string;
  /** Update ids in the order in which they came, repeats included. */
  received: number[];
  secrets: Array<string | undefined>;
  /** Answer the next deliveries with these statuses after handling them. */
  failNext: number[];
  server: FastifyInstance;
}

/** A webhook server which hands updates to telegraf. */
export async function startWebhook(bot: Telegraf): Promise<WebhookBot> {
  const server = Fastify({ forceCloseConnections: true });
  const state: WebhookBot = { url: '', received: [], secrets: [], failNext: [], server };
  server.post<{ Body: Update }>('/hook', async (request, reply) => {
    state.received.push(request.body.update_id);
    state.secrets.push(request.headers['x-telegram-bot-api-secret-token'] as string | undefined);
    const status = state.failNext.shift();
    if (status !== undefined) {
      return reply.code(status).send();
    }
    reply.hijack();
    await bot.handleUpdate(request.body as never, reply.raw);
    if (!reply.raw.writableEnded) {
      reply.raw.end();
    }
    return reply;
  });
  state.url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/hook`;
  return state;
}
