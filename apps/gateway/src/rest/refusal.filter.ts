import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '#contracts';
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
    const refusal = this.refusalOf(error, call.request_id);
    const retryAfter = (refusal.params as { retry_after_seconds?: number }).retry_after_seconds;
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    else if (refusal.status === 503) void reply.header('retry-after', '1');
    const sentence = this.texts.lookup(call.locale, `errors.${refusal.errorName}`, refusal.params) ?? refusal.errorName;
    const details = Object.keys(refusal.params).length > 0 ? refusal.params : null;
    void reply.status(refusal.status).send(envelopeOf(refusal.code, sentence, details, call.request_id));
  }

  private refusalOf(error: unknown, requestId: string): AppError {
    if (error instanceof AppError) return error;
    const known = refusalOfFramework(error);
    if (known) return known;
    this.logger.error({ error, request_id: requestId }, 'unexpected error');
    return new AppError('system.internal');
  }
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
