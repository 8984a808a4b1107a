import { bounds } from './emulator.options.js';
import type { WebhookInfo } from './telegram.types.js';
import type { PendingUpdate, UpdateQueue } from './update.queue.js';

export interface WebhookSettings {
  url: string;
  secretToken?: string;
  maxConnections: number;
}

export interface CourierOptions {
  queue: UpdateQueue;
  now: () => number;
  retry: { initialMs: number; maximumMs: number };
  /** Runs the method call which the bot may put into its answer. */
  onReply(call: Record<string, unknown>): Promise<void>;
  /** Called when an update has been confirmed or failed. */
  onSettled(): void;
}

const timeoutMs = 30_000;

/**
 * Posts updates to the bot's webhook: at least once, in order per chat, repeated with a growing pause until the bot answers 2xx.
 * The pauses are shorter than Telegram's (up to a minute), because people and tests wait for them.
 */
export class WebhookCourier {
  private settings?: WebhookSettings;
  /** Keys with a delivery under way or a pause before the next try. */
  private readonly busy = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private inFlight = 0;
  private generation = 0;
  private isRunning = false;
  private stopping = new AbortController();
  private lastError?: { date: number; message: string };

  constructor(private readonly options: CourierOptions) {
    options.queue.events.on('push', () => this.pump());
  }

  get current(): WebhookSettings | undefined {
    return this.settings;
  }

  /** Undefined removes the webhook. What is under way for the old one no longer counts. */
  configure(settings: WebhookSettings | undefined): void {
    this.stop();
    this.isRunning = true;
    this.settings = settings;
    this.lastError = undefined;
    this.pump();
  }

  /** Ends deliveries; unconfirmed updates stay queued and the webhook stays set. */
  stop(): void {
    this.generation += 1;
    this.stopping.abort();
    this.stopping = new AbortController();
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
    this.busy.clear();
    this.failures.clear();
    this.inFlight = 0;
    this.isRunning = false;
  }

  info(): WebhookInfo {
    this.options.queue.dropExpired();
    const allowed = [...this.options.queue.allowedUpdates];
    return {
      url: this.settings?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.options.queue.size,
      ...(this.settings === undefined ? {} : { max_connections: this.settings.maxConnections }),
      ...(allowed.length === 0 ? {} : { allowed_updates: allowed }),
      ...(this.lastError === undefined
        ? {}
        : { last_error_date: this.lastError.date, last_error_message: this.lastError.message }),
    };
  }

  private pump(): void {
    const settings = this.settings;
    if (settings === undefined || !this.isRunning) {
      return;
    }
    for (const pending of this.options.queue.values()) {
      if (this.inFlight >= settings.maxConnections) {
        return;
      }
      if (!this.busy.has(pending.key)) {
        this.busy.add(pending.key);
        this.inFlight += 1;
        void this.deliver(pending, settings, this.generation);
      }
    }
  }

  private async deliver(pending: PendingUpdate, settings: WebhookSettings, generation: number): Promise<void> {
    const problem = await this.post(pending, settings).catch((error: unknown) => describe(error));
    if (generation !== this.generation) {
      return;
    }
    this.inFlight -= 1;
    if (problem === undefined) {
      this.options.queue.confirm(pending.update.update_id);
      this.failures.delete(pending.key);
      this.busy.delete(pending.key);
    } else {
      this.lastError = { date: Math.floor(this.options.now() / 1_000), message: problem };
      this.pause(pending.key);
    }
    this.options.onSettled();
    this.pump();
  }

  /** Returns what was wrong, or undefined when the bot took the update. */
  private async post(pending: PendingUpdate, settings: WebhookSettings): Promise<string | undefined> {
    const response = await fetch(settings.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(settings.secretToken === undefined ? {} : { 'x-telegram-bot-api-secret-token': settings.secretToken }),
      },
      body: JSON.stringify(pending.update),
      redirect: 'manual',
      signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await readBounded(response, bounds.webhookReplyBytes);
    if (!response.ok) {
      return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
    }
    const call = parseCall(text);
    if (call !== undefined) {
      await this.options.onReply(call);
    }
    return undefined;
  }

  private pause(key: string): void {
    const failures = (this.failures.get(key) ?? 0) + 1;
    this.failures.set(key, failures);
    const { initialMs, maximumMs } = this.options.retry;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        this.busy.delete(key);
        this.pump();
      },
      Math.min(maximumMs, initialMs * 2 ** Math.min(failures - 1, 20)),
    );
    this.timers.add(timer);
  }
}

async function readBounded(response: Response, limitBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes) {
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseCall(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'method' in value ? { ...value } : undefined;
  } catch {
    // An answer that is not JSON is fine: only a method call would mean something.
    return undefined;
  }
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `Connection failed: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`;
}
