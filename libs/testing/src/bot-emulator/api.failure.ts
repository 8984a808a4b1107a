import type { ApiAnswer, FailureParameters } from './telegram.types.js';

/** A refusal in Telegram's words: becomes `{ ok: false, error_code, description, parameters }`. */
export class ApiFailure extends Error {
  constructor(
    readonly errorCode: number,
    readonly description: string,
    readonly parameters?: FailureParameters,
  ) {
    super(description);
    this.name = 'ApiFailure';
  }

  toAnswer(): ApiAnswer {
    const answer = { ok: false as const, error_code: this.errorCode, description: this.description };
    return this.parameters === undefined ? answer : { ...answer, parameters: this.parameters };
  }
}

export function badRequest(reason: string): ApiFailure {
  return new ApiFailure(400, `Bad Request: ${reason}`);
}

export function forbidden(reason: string): ApiFailure {
  return new ApiFailure(403, `Forbidden: ${reason}`);
}

export function conflict(reason: string): ApiFailure {
  return new ApiFailure(409, `Conflict: ${reason}`);
}

export function tooManyRequests(retryAfterSeconds: number): ApiFailure {
  return new ApiFailure(429, `Too Many Requests: retry after ${retryAfterSeconds}`, { retry_after: retryAfterSeconds });
}

export function upgraded(supergroupId: number): ApiFailure {
  const description = 'Bad Request: group chat was upgraded to a supergroup chat';
  return new ApiFailure(400, description, { migrate_to_chat_id: supergroupId });
}

export const unauthorized = (): ApiFailure => new ApiFailure(401, 'Unauthorized');
export const notFound = (): ApiFailure => new ApiFailure(404, 'Not Found');
export const bodyTooLarge = (): ApiFailure => new ApiFailure(413, 'Request Entity Too Large');
export const serverError = (): ApiFailure => new ApiFailure(500, 'Internal Server Error');
