import { createHash } from 'node:crypto';
import { CallLog } from './call.log.js';
import type { BotEmulatorOptions } from './emulator.options.js';
import { FaultInjector } from './fault.injector.js';
import { QueryDesk } from './query.desk.js';
import { RateLimiter } from './rate.limiter.js';
import { StateFile } from './state.file.js';
import type { ChatMember, User } from './telegram.types.js';
import { UpdatePoller } from './update.poller.js';
import { UpdateQueue, type UpdateQueueState } from './update.queue.js';
import { WebhookCourier, type WebhookSettings } from './webhook.courier.js';
import { type ChatRecord, World, type WorldState } from './world.store.js';

export interface BotCommand {
  command: string;
  description: string;
}

/** What the bot says about itself; keys of texts are language codes, '' = default. */
export interface BotProfile {
  texts: Record<'name' | 'description' | 'short_description', Record<string, string>>;
  /** By scope and language, see `commandKey`. */
  commands: Record<string, BotCommand[]>;
  menuButton?: unknown;
}

interface SavedState {
  version: 1;
  world: WorldState;
  updates: UpdateQueueState;
  profile: BotProfile;
  webhook?: WebhookSettings;
  callbackQueries: Array<[id: string, createdAt: number]>;
}

/** All parts of one emulator, shared by the Bot API methods, the drivers and the chat page. */
export class EmulatorCore {
  readonly bot: User;
  readonly world: World;
  readonly updates: UpdateQueue;
  readonly poller: UpdatePoller;
  readonly courier: WebhookCourier;
  readonly limiter: RateLimiter;
  readonly callbackQueries: QueryDesk;
  readonly inlineQueries: QueryDesk;
  readonly calls = new CallLog();
  readonly faults = new FaultInjector();
  readonly now: () => number;
  profile: BotProfile = { texts: { name: {}, description: {}, short_description: {} }, commands: {} };
  private readonly stateFile?: StateFile;
  private dirty = false;

  constructor(
    readonly options: BotEmulatorOptions,
    onReply: (call: Record<string, unknown>) => Promise<void>,
  ) {
    this.now = options.clock ?? Date.now;
    this.bot = identityOf(options);
    this.world = new World(() => this.seconds());
    this.updates = new UpdateQueue(this.now);
    this.poller = new UpdatePoller(this.updates);
    this.limiter = new RateLimiter(options.limits ?? {}, options.enforceLimits ?? true, this.now);
    this.callbackQueries = new QueryDesk(this.now, options.callbackQueryTtlMs ?? 60_000);
    this.inlineQueries = new QueryDesk(this.now, options.callbackQueryTtlMs ?? 60_000);
    this.courier = new WebhookCourier({
      queue: this.updates,
      now: this.now,
      retry: options.webhookRetry ?? { initialMs: 100, maximumMs: 5_000 },
      onReply,
      onSettled: () => this.saveSoon(),
    });
    this.world.events.on('change', () => this.markChanged());
    if (options.stateFile !== undefined) {
      this.stateFile = new StateFile(options.stateFile, () => this.snapshot());
    }
  }

  /** Unix time, seconds. */
  seconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  markChanged(): void {
    this.dirty = true;
  }

  /** Resolves once all changes so far are in the state file (at once when there is none). */
  async flush(): Promise<void> {
    if (!this.dirty) {
      await this.stateFile?.settled();
      return;
    }
    this.dirty = false;
    try {
      await this.stateFile?.save();
    } catch (error) {
      this.dirty = true;
      throw error;
    }
  }

  /** Saves in the background; a failed write is tried again with the next change and at the stop. */
  saveSoon(): void {
    this.markChanged();
    this.flush().catch(() => undefined);
  }

  /** Queues an update about this chat, if the bot takes part in it and wants its type. */
  report(type: string, payload: unknown, chatId: number): void {
    this.updates.push(type, payload, String(chatId));
    this.markChanged();
  }

  botIn(record: ChatRecord): ChatMember | undefined {
    return record.participants[this.bot.id];
  }

  isBotAdmin(record: ChatRecord): boolean {
    return this.botIn(record)?.status === 'administrator';
  }

  async restore(): Promise<void> {
    const state = (await this.stateFile?.load()) as SavedState | undefined;
    if (state === undefined) {
      return;
    }
    if (state.version !== 1) {
      throw new Error(`the emulator's state file ${this.options.stateFile} has an unknown version`);
    }
    this.world.restore(state.world);
    this.updates.restore(state.updates);
    this.callbackQueries.restore(state.callbackQueries);
    this.profile = state.profile;
    this.bot.first_name = this.profile.texts.name[''] ?? this.bot.first_name;
    if (state.webhook !== undefined) {
      this.courier.configure(state.webhook);
    }
  }

  private snapshot(): SavedState {
    return {
      version: 1,
      world: this.world.snapshot(),
      updates: this.updates.snapshot(),
      profile: this.profile,
      webhook: this.courier.current,
      callbackQueries: this.callbackQueries.snapshot(),
    };
  }
}

/** The bot's id is the number before the colon of its token, as at Telegram. */
function identityOf(options: BotEmulatorOptions): User {
  const digits = /^(\d{1,15}):/.exec(options.token)?.[1];
  const hashed = createHash('sha256').update(options.token).digest().readUIntBE(0, 4);
  const username = options.botUsername ?? 'emulated_bot';
  return { id: digits === undefined ? hashed : Number(digits), is_bot: true, first_name: username, username };
}
