import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiFailure, bodyTooLarge, notFound, serverError, unauthorized } from './api.failure.js';
import type { BotApi } from './bot.api.js';
import { Disconnected } from './fault.injector.js';
import { readParameters } from './request.body.js';

interface CallRoute {
  Params: { token: string; method: string };
}

/** Serves `/bot<token>/<method>` (and `/bot<token>/test/<method>`) by GET and POST, every answer in Telegram's envelope. */
export function botApiRoutes(api: BotApi) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    server.setErrorHandler((error, _request, reply) => fail(reply, failureOf(error)));
    server.setNotFoundHandler((_request, reply) => fail(reply, notFound()));
    for (const url of ['/bot:token/:method', '/bot:token/test/:method']) {
      server.route<CallRoute>({
        method: ['GET', 'POST'],
        url,
        handler: (request, reply) => answer(api, request, reply),
      });
    }
  };
}

async function answer(api: BotApi, request: FastifyRequest<CallRoute>, reply: FastifyReply): Promise<unknown> {
  if (!isSame(request.params.token, api.core.options.token)) {
    return fail(reply, unauthorized());
  }
  const hangUp = new AbortController();
  reply.raw.once('close', () => hangUp.abort());
  try {
    const values = await readParameters(request.query, request.body, request.headers['content-type']);
    const result = await api.call(request.params.method, values, hangUp.signal);
    return await reply.code(result.ok ? 200 : result.error_code).send(result);
  } catch (error) {
    if (error instanceof Disconnected) {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    return fail(reply, failureOf(error));
  }
}

function fail(reply: FastifyReply, failure: ApiFailure): FastifyReply {
  return reply.code(failure.errorCode).send(failure.toAnswer());
}

function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) {
    return error;
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) {
    return bodyTooLarge();
  }
  return status < 500 ? new ApiFailure(400, 'Bad Request') : serverError();
}

function isSame(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
