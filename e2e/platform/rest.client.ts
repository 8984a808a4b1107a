import { Agent, request } from 'undici';
import type { BotEmulator } from '#testing';

/** An answer of the REST face: the HTTP status and the envelope of A-01. */
export interface Answer<Data = unknown> {
  readonly status: number;
  /** 0 is success. */
  readonly code: number;
  readonly message: string;
  readonly data: Data;
  readonly requestId: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

export interface RequestOptions {
  body?: unknown;
  idempotencyKey?: string;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
}

export interface DevelopmentLogin {
  telegram_id: string;
  first_name: string;
  language_code?: string;
  role?: 'member' | 'vip' | 'operator' | 'admin' | 'super_admin';
}

/** The platform answered with a refusal. */
export class RestRefusal extends Error {
  constructor(
    readonly answer: Answer,
    what: string,
  ) {
    super(`${what}: ${answer.status}, code ${answer.code}: ${answer.message} ${JSON.stringify(answer.data)}`);
    this.name = 'RestRefusal';
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const defaultTimeoutMs = 15_000;
const connections = new Agent({ connections: 128, pipelining: 1 });

/** A client of the REST face, for one member or for nobody. Each way to sign in returns a client of its own. */
export class RestClient {
  constructor(
    readonly baseUrl: string,
    private readonly settings: { tokens?: Tokens; locale?: string } = {},
  ) {}

  /** The member's tokens. @throws when nobody is signed in. */
  get tokens(): Tokens {
    if (!this.settings.tokens) throw new Error('nobody is signed in');
    return this.settings.tokens;
  }

  withTokens(tokens: Tokens): RestClient {
    return new RestClient(this.baseUrl, { ...this.settings, tokens });
  }

  /** Answers come in this language (`Accept-Language`). */
  in(locale: string): RestClient {
    return new RestClient(this.baseUrl, { ...this.settings, locale });
  }

  /** Signs in as the Mini App does (U-14): with data that the emulated Telegram signs. `authDate` in Unix seconds. */
  async signInByInitData(emulator: BotEmulator, memberId: number, authDate?: number): Promise<RestClient> {
    const body = { init_data: emulator.initData(memberId, authDate === undefined ? {} : { authDate }) };
    return this.withTokens(await this.post<Tokens>('/v1/auth/telegram', { body }));
  }

  /** Signs in as anybody; exists in the embedded mode only. */
  async devLogin(person: DevelopmentLogin): Promise<RestClient> {
    const body = { language_code: 'en', ...person };
    return this.withTokens(await this.post<Tokens>('/v1/auth/dev-login', { body }));
  }

  /** The data of a successful answer. @throws RestRefusal */
  async get<Data>(path: string, options?: RequestOptions): Promise<Data> {
    return dataOf(await this.call<Data>('GET', path, options), `GET ${path}`);
  }

  /** The data of a successful answer. @throws RestRefusal */
  async post<Data>(path: string, options?: RequestOptions): Promise<Data> {
    return dataOf(await this.call<Data>('POST', path, options), `POST ${path}`);
  }

  /** The answer, whatever it is. @throws when there is none: connection refused or lost, timeout, not an envelope. */
  async call<Data = unknown>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer<Data>> {
    const { body, idempotencyKey, headers, timeoutMs = defaultTimeoutMs } = options;
    const { tokens, locale } = this.settings;
    const response = await request(this.baseUrl + path, {
      method,
      dispatcher: connections,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(tokens && { authorization: `Bearer ${tokens.access_token}` }),
        ...(locale && { 'accept-language': locale }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    return answerOf<Data>(response.statusCode, await response.body.text(), response.headers, `${method} ${path}`);
  }
}

function answerOf<Data>(status: number, text: string, headers: Answer['headers'], what: string): Answer<Data> {
  const envelope = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  if (typeof envelope['code'] !== 'number')
    throw new Error(`${what}: ${status} without an envelope: ${text.slice(0, 500)}`);
  return {
    status,
    code: envelope['code'],
    message: String(envelope['message']),
    data: envelope['data'] as Data,
    requestId: String(envelope['request_id']),
    headers,
  };
}

function dataOf<Data>(answer: Answer<Data>, what: string): Data {
  if (answer.code !== 0) throw new RestRefusal(answer, what);
  return answer.data;
}
