import { EventEmitter } from 'node:events';
import { bounds } from './emulator.options.js';
import type { Update } from './telegram.types.js';

/** An update which the bot has not confirmed yet. */
export interface PendingUpdate {
  update: Update;
  /** Updates of one key (a chat) are delivered in order. */
  key: string;
  /** Epoch milliseconds. */
  createdAt: number;
}

export interface UpdateQueueState {
  lastUpdateId: number;
  allowed: string[];
  pending: PendingUpdate[];
}

const notByDefault = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** Updates in the order they happened, kept until confirmed. Emits `push` for each new one. */
export class UpdateQueue {
  private readonly pending = new Map<number, PendingUpdate>();
  private lastUpdateId: number;
  private allowed: string[] = [];
  readonly events = new EventEmitter<{ push: [] }>();

  constructor(private readonly now: () => number) {
    // Like Telegram's: large and not starting at 1, so that nobody relies on small numbers.
    this.lastUpdateId = 700_000_000;
  }

  /** Types the bot asked for; empty = all but those which must be asked for by name. */
  get allowedUpdates(): readonly string[] {
    return this.allowed;
  }

  /** Undefined keeps the earlier choice. */
  allow(types: string[] | undefined): void {
    this.allowed = types ?? this.allowed;
  }

  isAllowed(type: string): boolean {
    return this.allowed.length === 0 ? !notByDefault.has(type) : this.allowed.includes(type);
  }

  /** Queues an update unless the bot does not want its type. Throws when the bot has fallen too far behind. */
  push(type: string, payload: unknown, key: string): void {
    if (!this.isAllowed(type)) {
      return;
    }
    this.dropExpired();
    if (this.pending.size >= bounds.pendingUpdates) {
      throw new Error(`more than ${bounds.pendingUpdates} updates wait for the bot: is it running?`);
    }
    this.lastUpdateId += 1;
    // A copy: later edits of the chat must not change what was reported.
    const update = structuredClone({ update_id: this.lastUpdateId, [type]: payload });
    this.pending.set(this.lastUpdateId, { update, key, createdAt: this.now() });
    this.events.emit('push');
  }

  /** getUpdates' rules: a positive offset confirms all below it, a negative one keeps only that many newest. */
  read(offset: number, limit: number): Update[] {
    this.dropExpired();
    const start = offset < 0 ? ([...this.pending.keys()].at(offset) ?? 0) : offset;
    if (start > 0) {
      for (const id of this.pending.keys()) {
        if (id >= start) {
          break;
        }
        this.pending.delete(id);
      }
    }
    return this.list()
      .slice(0, limit)
      .map(({ update }) => update);
  }

  /** All that wait, oldest first. */
  list(): PendingUpdate[] {
    return [...this.pending.values()];
  }

  values(): IterableIterator<PendingUpdate> {
    return this.pending.values();
  }

  confirm(updateId: number): void {
    this.pending.delete(updateId);
  }

  dropAll(): void {
    this.pending.clear();
  }

  get size(): number {
    return this.pending.size;
  }

  dropExpired(): void {
    const oldestKept = this.now() - bounds.updateLifetimeMs;
    for (const { update, createdAt } of this.pending.values()) {
      if (createdAt >= oldestKept) {
        break;
      }
      this.pending.delete(update.update_id);
    }
  }

  snapshot(): UpdateQueueState {
    return { lastUpdateId: this.lastUpdateId, allowed: this.allowed, pending: this.list() };
  }

  restore(state: UpdateQueueState): void {
    this.lastUpdateId = state.lastUpdateId;
    this.allowed = state.allowed;
    for (const entry of state.pending) {
      this.pending.set(entry.update.update_id, entry);
    }
  }
}
