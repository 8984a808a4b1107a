import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type Call, type Locale } from '#contracts';
import { Texts } from '#i18n';
import type { Logger } from '#service';
import { envelopeOf } from './envelope.format.js';
import { callOf, type EdgeRequest } from './request.call.js';

const bodyLimitBytes = 1_048_576;

/** Where a refusal becomes an HTTP answer: status and code of the catalogue, a sentence in the caller's language, no stack. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(
    private readonly texts: Texts,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<EdgeRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const call = request.call ?? callOf(request);
    this.send(reply, this.refusalOf(error, call.request_id), call);
  }

  /** For paths that the router cannot read, and so never reach a route: nothing is at such an address. */
  readonly unreadablePath = (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const call = callOf(request);
    void reply.header('x-request-id', call.request_id).header('x-content-type-options', 'nosniff');
    this.send(reply, new AppError('system.route_not_found'), call);
  };

  private send(reply: FastifyReply, refusal: AppError, { locale, request_id: requestId }: Call): void {
    const retryAfter = (refusal.params as { retry_after_seconds?: number }).retry_after_seconds;
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    else if (refusal.status === 503) void reply.header('retry-after', '1');
    const details = Object.keys(refusal.params).length > 0 ? refusal.params : null;
    const sentence = refusalSentence(this.texts, locale, refusal);
    void reply.status(refusal.status).send(envelopeOf(refusal.code, sentence, details, requestId));
  }

  private refusalOf(error: unknown, requestId: string): AppError {
    if (error instanceof AppError) return error;
    const known = refusalOfFramework(error);
    if (known) return known;
    this.logger.error({ error, request_id: requestId }, 'unexpected error');
    return new AppError('system.internal');
  }
}

/** The catalogue's sentence for a refusal, in the caller's language. */
export function refusalSentence(texts: Texts, locale: Locale, refusal: AppError): string {
  return texts.lookup(locale, `errors.${refusal.errorName}`, refusal.params) ?? refusal.errorName;
}

/** What Fastify and Nest refuse before an endpoint is reached; Nest hands both on as its own exception with a status. */
function refusalOfFramework(error: unknown): AppError | null {
  const status =
    error instanceof HttpException ? error.getStatus() : ((error ?? {}) as { statusCode?: number }).statusCode;
  switch (status) {
    case 400:
      return new AppError('system.invalid_json');
    case 404:
      return new AppError('system.route_not_found');
    case 413:
      return new AppError('system.body_too_large', { limit_bytes: bodyLimitBytes });
    case 415:
      return new AppError('system.unsupported_media_type');
    default:
      return null;
  }
}

export { bodyLimitBytes };
