import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiFailure } from './api.failure.js';
import type { EmulatorCore } from './emulator.core.js';
import { signInitData } from './init-data.signer.js';
import { PageEvents } from './page.events.js';
import { chatView, overview } from './page.view.js';
import { pressCallback, pressStart, sendContact, sendText, setBlocked } from './user.actions.js';
import type { ChatMessage } from './telegram.types.js';
import type { ChatRecord, MemberRecord } from './world.store.js';

const languages = ['zh', 'en', 'ru'] as const;
const answerTimeoutMs = 15_000;
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'";

const memberPath = z.object({ id: z.coerce.number().int() });
const chatPath = memberPath.extend({ chat: z.coerce.number().int() });
const memberBody = z.strictObject({
  first_name: z.string().trim().min(1).max(64),
  language_code: z.enum(languages),
});
const textBody = z.strictObject({ text: z.string().min(1).max(8_192), message_thread_id: z.number().int().optional() });
const startBody = z.strictObject({ payload: z.string().max(64).optional() });
const clickBody = z.strictObject({ message_id: z.number().int(), data: z.string().min(1).max(64) });
const contactBody = z.strictObject({
  phone_number: z
    .string()
    .regex(/^\+?\d{5,15}$/)
    .optional(),
});
const blockBody = z.strictObject({ blocked: z.boolean() });
const mailBody = z.strictObject({
  from: z.string().trim().min(3).max(320),
  subject: z.string().max(500),
  text: z.string().max(100_000),
});

/** The chat page at `/` and its private endpoints under `/_emulator`. */
export function pageRoutes(core: EmulatorCore) {
  return async (server: FastifyInstance): Promise<void> => {
    const root = projectRoot();
    server.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('x-content-type-options', 'nosniff');
    });
    server.addHook('onRequest', async (request) => refuseForeign(core, request));
    server.setErrorHandler((error, _request, reply) => fail(reply, error));
    await server.register(fastifyStatic, {
      root: join(root, 'libs/testing/src/bot-emulator/page'),
      cacheControl: false,
    });
    readRoutes(server, core, root);
    actionRoutes(server, core);
    mailRoutes(server, core);
  };
}

function readRoutes(server: FastifyInstance, core: EmulatorCore, root: string): void {
  const events = new PageEvents(core);
  server.get('/_emulator/overview', async () => overview(core));
  server.get('/_emulator/events', (request, reply) => events.stream(request, reply));
  server.get('/_emulator/members/:id/chats/:chat', async (request) => {
    const { member, record } = chatOf(core, request);
    return chatView(core, member, record);
  });
  server.get('/_emulator/members/:id/init-data', async (request) => {
    const { user } = memberOf(core, request);
    return { init_data: signInitData(core.options.token, user, core.seconds()) };
  });
  server.get('/_emulator/locales/:language', async (request) => {
    const { language } = z.object({ language: z.enum(languages) }).parse(request.params);
    return JSON.parse(await readFile(join(root, 'locales', language, 'emulator.json'), 'utf8')) as unknown;
  });
}

function actionRoutes(server: FastifyInstance, core: EmulatorCore): void {
  server.post('/_emulator/members', async (request, reply) => {
    const { user } = core.world.putMember(memberBody.parse(request.body));
    await core.flush();
    return reply.code(201).send({ id: user.id });
  });
  const act = (path: string, action: (request: FastifyRequest) => unknown): void => {
    server.post(`/_emulator/members/:id/${path}`, async (request) => {
      const result = await action(request);
      await core.flush();
      return { ok: true, ...(typeof result === 'object' ? result : {}) };
    });
  };
  act('chats/:chat/messages', (request) => {
    const { member, record } = chatOf(core, request);
    const { text, message_thread_id: threadId } = textBody.parse(request.body);
    sendText(core, member, record, text, threadId);
  });
  act('chats/:chat/clicks', async (request) => {
    const { member, record } = chatOf(core, request);
    const { message_id: messageId, data } = clickBody.parse(request.body);
    const answer = pressCallback(core, member, messageWith(record, messageId, data), data, answerTimeoutMs);
    await core.flush();
    return { answer: await answer };
  });
  act('start', (request) => {
    pressStart(core, memberOf(core, request), startBody.parse(request.body).payload);
  });
  act('contact', (request) => {
    const { phone_number: phone } = contactBody.parse(request.body);
    sendContact(core, memberOf(core, request), phone === undefined ? {} : { phone_number: phone });
  });
  act('block', (request) => {
    setBlocked(core, memberOf(core, request), blockBody.parse(request.body).blocked);
  });
}

function mailRoutes(server: FastifyInstance, core: EmulatorCore): void {
  const { mail } = core.options;
  server.get('/_emulator/mails', async () => ({
    mailbox: mail?.mailbox ?? null,
    mails: (await mail?.outbox())?.slice(-100) ?? [],
  }));
  server.post('/_emulator/mails', async (request, reply) => {
    if (mail === undefined) {
      throw new ApiFailure(404, 'there is no mailbox');
    }
    await mail.send(mailBody.parse(request.body));
    return reply.code(202).send({ ok: true });
  });
}

function memberOf(core: EmulatorCore, request: FastifyRequest): MemberRecord {
  const member = core.world.member(memberPath.parse(request.params).id);
  if (member === undefined) {
    throw new ApiFailure(404, 'there is no such member');
  }
  return member;
}

function chatOf(core: EmulatorCore, request: FastifyRequest): { member: MemberRecord; record: ChatRecord } {
  const member = memberOf(core, request);
  const { chat } = chatPath.parse(request.params);
  const record = core.world.chat(chat);
  const isOwn = chat === member.user.id || record?.participants[member.user.id] !== undefined;
  if (record === undefined || !isOwn) {
    throw new ApiFailure(404, 'there is no such chat');
  }
  return { member, record };
}

function messageWith(record: ChatRecord, messageId: number, data: string): ChatMessage {
  const message = record.messages.find((candidate) => candidate.message_id === messageId);
  if (message?.reply_markup?.inline_keyboard.flat().some((button) => button.callback_data === data) !== true) {
    throw new ApiFailure(409, 'the button is gone');
  }
  return message;
}

/** Other sites open in the same browser must not drive the bot: neither by requests of their own nor by a rebound name. */
async function refuseForeign(core: EmulatorCore, request: FastifyRequest): Promise<void> {
  const site = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate';
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation;
  const isKnownHost =
    /^(?:localhost|[\d.]+|\[[\da-f:.]+\])$/i.test(request.hostname) || request.hostname === core.options.host;
  if (isForeign || !isKnownHost) {
    throw new ApiFailure(403, 'only the page itself may ask for this');
  }
}

function fail(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof ApiFailure) {
    return reply.code(error.errorCode).send({ error: error.description });
  }
  if (error instanceof z.ZodError) {
    const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return reply.code(400).send({ error: problems.join('; ') });
  }
  const status = (error as { statusCode?: number }).statusCode;
  const message = error instanceof Error ? error.message : 'unknown error';
  // What a person cannot do in the app is thrown as a plain Error; anything else is a fault of the emulator or the mailbox.
  const isRefusal = error instanceof Error && error.constructor === Error;
  return reply.code(status ?? (isRefusal ? 409 : 500)).send({ error: message });
}

/** Works from the sources and from `dist`, which has no page files of its own. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error('the project root with its package.json was not found');
    }
    folder = parent;
  }
  return folder;
}
