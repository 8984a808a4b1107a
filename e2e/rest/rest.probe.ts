import { randomInt } from 'node:crypto';
import { Agent, request } from 'undici';
import { checkAnswer, type RawAnswer, type RawEnvelope } from './answer.checker.js';
import type { Operation } from './openapi.reader.js';

export interface ProbeRequest {
  /** Sent as the Authorization header; undefined for none. */
  authorization?: string | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it stands, instead of `body`. */
  rawBody?: string | Buffer;
  contentType?: string;
  query?: string;
  /** Values for `{names}` in the path. */
  path?: Record<string, string>;
  headers?: Record<string, string>;
  /** Whom the request comes from, as our proxy says; a new address each time by default. */
  ip?: string;
}

/** What came back, checked against the document. */
export interface Probed extends RawEnvelope {
  status: number;
  headers: RawAnswer['headers'];
}

const connections = new Agent({ connections: 32, pipelining: 1 });
const timeoutMs = 30_000;

/** Sends requests that no honest client would send, and holds every answer to the OpenAPI document. */
export class RestProbe {
  constructor(
    private readonly baseUrl: string,
    private readonly operations: readonly Operation[],
  ) {}

  operation(name: string): Operation {
    const found = this.operations.find((operation) => operation.name === name);
    if (!found) throw new Error(`the document has no ${name}`);
    return found;
  }

  /** `name` is a documented operation such as `GET /v1/users/me`. */
  async send(name: string, options: ProbeRequest = {}): Promise<Probed> {
    const operation = this.operation(name);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => options.path?.[key] ?? 'unknown');
    const answer = await this.exchange(operation.method, path, options);
    return { ...checkAnswer(operation, answer), status: answer.status, headers: answer.headers };
  }

  /** A route that the document does not know. */
  async sendElsewhere(method: string, path: string, options: ProbeRequest = {}): Promise<Probed> {
    const answer = await this.exchange(method, path, options);
    return { ...checkAnswer(null, answer), status: answer.status, headers: answer.headers };
  }

  async exchange(method: string, path: string, options: ProbeRequest): Promise<RawAnswer> {
    const { authorization, body, rawBody, contentType, query, headers, ip } = options;
    const content = rawBody ?? (body === undefined ? null : JSON.stringify(body));
    const {
      statusCode,
      headers: answered,
      body: stream,
    } = await request(`${this.baseUrl}${path}${query ? `?${query}` : ''}`, {
      method: method as 'GET',
      dispatcher: connections,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'x-forwarded-for': ip ?? freshIp(),
        ...(content !== null && { 'content-type': contentType ?? 'application/json' }),
        ...(authorization !== undefined && { authorization }),
        ...headers,
      },
      body: content,
    });
    return { status: statusCode, headers: answered, text: await stream.text() };
  }
}

export function freshIp(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}
