import { Redis, type RedisOptions } from 'ioredis';
import { CacheUnavailableError, type Cache, type HitLimit, type HitResult } from './cache.js';
import { checkTime, costOf } from './cache.checks.js';
import { acquireScript, hitScript, releaseScript, renewScript, type RedisScript, runScript } from './redis.script.js';

export interface CacheLog {
  warn(details: object, text: string): void;
  info(details: object, text: string): void;
}

export interface RedisCacheOptions {
  prefix?: string | undefined;
  commandTimeoutMs?: number | undefined;
  log?: CacheLog | undefined;
}

const defaultCommandTimeoutMs = 200;
const connectTimeoutMs = 2_000;
const reconnectDelayAtMostMs = 1_000;

/** Opens the connection, waits for it at most 2 s, and keeps it up from then on. */
export async function openRedis(url: string, options: RedisCacheOptions): Promise<RedisCache> {
  const commandTimeoutMs = options.commandTimeoutMs ?? defaultCommandTimeoutMs;
  const client = new Redis(url, connectionOptions(commandTimeoutMs));
  watch(client, options.log);
  const cache = new RedisCache(client, options.prefix ?? '', commandTimeoutMs);
  await within(connectTimeoutMs, client.connect()).catch(() => undefined);
  return cache;
}

function connectionOptions(commandTimeoutMs: number): RedisOptions {
  return {
    lazyConnect: true,
    enableAutoPipelining: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A connection on which nothing comes back is dead even if nobody said so.
    socketTimeout: 4 * commandTimeoutMs,
    // A command is sent at most once: its caller was told that it failed, so its effect must not come minutes later.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * attempt, reconnectDelayAtMostMs),
    // After a failover the old master only reads: look up the address again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

/** Without a listener an error would be printed; one line tells of the loss, one of the return. */
function watch(client: Redis, log: CacheLog | undefined): void {
  let lost = false;
  client.on('error', (error: Error) => {
    if (!lost) log?.warn({ error: String(error) }, 'Redis is not reachable');
    lost = true;
  });
  client.on('ready', () => {
    if (lost) log?.info({}, 'Redis is back');
    lost = false;
  });
}

/** The cache in Redis: each method is one command or one script on one key. */
export class RedisCache implements Cache {
  private closed = false;

  constructor(
    private readonly client: Redis,
    private readonly prefix: string,
    private readonly commandTimeoutMs: number,
  ) {}

  get connected(): boolean {
    return !this.closed && this.client.status === 'ready';
  }

  get(key: string): Promise<string | null> {
    return this.ask(() => this.client.get(this.valueKey(key)));
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    checkTime(ttlMs);
    await this.ask(() => this.client.set(this.valueKey(key), value, 'PX', ttlMs));
  }

  async delete(key: string): Promise<void> {
    await this.ask(() => this.client.del(this.valueKey(key)));
  }

  take(key: string): Promise<string | null> {
    return this.ask(() => this.client.getdel(this.valueKey(key)));
  }

  async putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    checkTime(ttlMs);
    return (await this.ask(() => this.client.set(this.valueKey(key), value, 'PX', ttlMs, 'NX'))) === 'OK';
  }

  async hit(limit: HitLimit): Promise<HitResult> {
    const cost = costOf(limit);
    const key = `${this.prefix}hits:${limit.key}`;
    const reply = await this.run(hitScript, key, limit.limit, limit.windowMs, cost);
    const [allowed, remaining, retryAfterMs] = reply as [number, number, number];
    return { allowed: allowed === 1, remaining, retryAfterMs };
  }

  async acquireLease(name: string, owner: string, ttlMs: number): Promise<boolean> {
    checkTime(ttlMs);
    return (await this.run(acquireScript, this.leaseKey(name), owner, ttlMs)) === 1;
  }

  async renewLease(name: string, owner: string, ttlMs: number): Promise<boolean> {
    checkTime(ttlMs);
    return (await this.run(renewScript, this.leaseKey(name), owner, ttlMs)) === 1;
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    await this.run(releaseScript, this.leaseKey(name), owner);
  }

  async forgetHistory(): Promise<void> {}

  async ping(): Promise<void> {
    await this.ask(() => this.client.ping());
  }

  async close(): Promise<void> {
    const polite = this.connected;
    this.closed = true;
    if (polite) await within(this.commandTimeoutMs, this.client.quit()).catch(() => undefined);
    this.client.disconnect();
  }

  private valueKey(key: string): string {
    return `${this.prefix}value:${key}`;
  }

  private leaseKey(name: string): string {
    return `${this.prefix}lease:${name}`;
  }

  /** Sends the script's short name; its text only to a Redis that does not know it (a new one, or after a restart). */
  private run(script: RedisScript, key: string, ...values: (string | number)[]): Promise<unknown> {
    return this.ask(() => runScript(this.client, script, key, values));
  }

  /** Whatever happens, the caller knows within the command timeout: the client's own one starts only when it sends. */
  private async ask<Result>(command: () => Promise<Result>): Promise<Result> {
    if (!this.connected) throw new CacheUnavailableError();
    try {
      return await within(this.commandTimeoutMs, command());
    } catch (error) {
      throw isReply(error) && /^(?:ERR|WRONGTYPE) /.test(error.message) ? error : new CacheUnavailableError(error);
    }
  }
}

/** Redis answered, with a refusal; some of those (loading, read-only, out of memory) mean that it is away all the same. */
function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

async function within<Result>(timeoutMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
