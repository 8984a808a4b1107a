import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError, type Actor, type Call } from '#contracts';
import { localeOfAcceptLanguage } from '#i18n';

/** The request as the edge passes it on: its call is made when it arrives, its actor is known after the access guard. */
export interface EdgeRequest extends FastifyRequest {
  call: Call;
}

const requestIdPattern = /^[A-Za-z0-9._-]{8,64}$/;
const traceparentPattern = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Who asks (nobody yet), from where, in which language, in which trace. A request id from outside is kept when it is well formed. */
export function callOf(request: FastifyRequest): Call {
  const { 'x-request-id': requestId, traceparent, 'accept-language': language } = request.headers;
  return {
    request_id: typeof requestId === 'string' && requestIdPattern.test(requestId) ? requestId : randomUUID(),
    actor: { kind: 'visitor' },
    channel: 'rest',
    locale: localeOfAcceptLanguage(language),
    ip: request.ip,
    traceparent:
      typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? traceparent : newTraceparent(),
  };
}

function newTraceparent(): string {
  const hex = randomUUID().replaceAll('-', '');
  return `00-${hex}-${hex.slice(8, 24)}-01`;
}

export function withActor(call: Call, actor: Actor): Call {
  return { ...call, actor };
}

/** Gives an endpoint the call it passes on. */
export const CurrentCall = createParamDecorator((_: unknown, context: ExecutionContext): Call => {
  return context.switchToHttp().getRequest<EdgeRequest>().call;
});

const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

/** The Idempotency-Key header. @throws AppError idempotency.key_invalid */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const key = context.switchToHttp().getRequest<EdgeRequest>().headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !idempotencyKeyPattern.test(key)) throw new AppError('idempotency.key_invalid');
  return key;
});

const deviceCharactersAtMost = 256;

/** What the client calls itself, for the list of sign-ins (U-14). */
export const Device = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const agent = context.switchToHttp().getRequest<EdgeRequest>().headers['user-agent'];
  return agent?.slice(0, deviceCharactersAtMost) ?? null;
});
