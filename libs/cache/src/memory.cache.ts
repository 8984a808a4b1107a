import { CacheUnavailableError, type Cache, type HitLimit, type HitResult } from './cache.js';
import { checkTime, costOf } from './cache.checks.js';
import type { CacheJournal, JournalEntry } from './cache.journal.js';

interface Entry {
  value: string | number;
  readonly expiresAt: number;
}

const keysAtMost = 100_000;

/**
 * The stand-in for Redis in one process, bounded: at `capacity` keys it drops what has expired, then the oldest hundredth.
 * Every method does its work in one synchronous step, which is what makes it atomic. With a journal the values outlive the
 * process; leases and counted hits do not, for they are about processes and minutes.
 */
export class MemoryCache implements Cache {
  private readonly entries = new Map<string, Entry>();
  private open = true;

  constructor(
    private readonly clock: { now(): Date },
    private readonly capacity = keysAtMost,
    private readonly journal: CacheJournal | null = null,
  ) {
    for (const { key, value, expiresAt } of journal?.read() ?? []) {
      if (expiresAt > clock.now().getTime() && this.entries.size < capacity)
        this.entries.set(valueKey(key), { value: value ?? '', expiresAt });
    }
    journal?.rewrite(this.values());
  }

  get connected(): boolean {
    return this.open;
  }

  /** Keys held now, expired ones included. */
  get size(): number {
    return this.entries.size;
  }

  async get(key: string): Promise<string | null> {
    return this.text(valueKey(key));
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    this.putValue(key, value, ttlMs);
  }

  async delete(key: string): Promise<void> {
    this.check();
    this.deleteValue(key);
  }

  async take(key: string): Promise<string | null> {
    const value = this.text(valueKey(key));
    this.deleteValue(key);
    return value;
  }

  async putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.text(valueKey(key)) !== null) return false;
    this.putValue(key, value, ttlMs);
    return true;
  }

  async hit(limit: HitLimit): Promise<HitResult> {
    const cost = costOf(limit);
    const key = `hits:${limit.key}`;
    const window = this.find(key);
    const used = Number(window?.value ?? 0);
    if (used + cost > limit.limit) {
      const retryAfterMs = window ? window.expiresAt - this.clock.now().getTime() : limit.windowMs;
      return { allowed: false, remaining: Math.max(0, limit.limit - used), retryAfterMs };
    }
    if (window) window.value = used + cost;
    else this.put(key, cost, limit.windowMs);
    return { allowed: true, remaining: limit.limit - used - cost, retryAfterMs: 0 };
  }

  async acquireLease(name: string, owner: string, ttlMs: number): Promise<boolean> {
    const holder = this.text(leaseKey(name));
    if (holder !== null && holder !== owner) return false;
    this.put(leaseKey(name), owner, ttlMs);
    return true;
  }

  async renewLease(name: string, owner: string, ttlMs: number): Promise<boolean> {
    checkTime(ttlMs);
    if (this.text(leaseKey(name)) !== owner) return false;
    this.put(leaseKey(name), owner, ttlMs);
    return true;
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    if (this.text(leaseKey(name)) === owner) this.entries.delete(leaseKey(name));
  }

  async forgetHistory(): Promise<void> {
    this.check();
    const now = this.clock.now().getTime();
    for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key);
    this.journal?.rewrite(this.values());
  }

  async ping(): Promise<void> {
    this.check();
  }

  async close(): Promise<void> {
    this.open = false;
    this.journal?.close();
    this.entries.clear();
  }

  private check(): void {
    if (!this.open) throw new CacheUnavailableError();
  }

  private text(key: string): string | null {
    const entry = this.find(key);
    return entry ? String(entry.value) : null;
  }

  private find(key: string): Entry | undefined {
    this.check();
    const entry = this.entries.get(key);
    if (!entry || entry.expiresAt > this.clock.now().getTime()) return entry;
    this.entries.delete(key);
    return undefined;
  }

  private putValue(key: string, value: string, ttlMs: number): void {
    this.put(valueKey(key), value, ttlMs);
    this.journal?.append({ key, value, expiresAt: this.clock.now().getTime() + ttlMs });
    if (this.journal?.isLong(this.entries.size)) this.journal.rewrite(this.values());
  }

  private deleteValue(key: string): void {
    if (this.entries.delete(valueKey(key))) this.journal?.append({ key, value: null, expiresAt: 0 });
  }

  private *values(): Iterable<JournalEntry> {
    for (const [key, { value, expiresAt }] of this.entries) {
      if (isValueKey(key)) yield { key: key.slice(valuePrefix.length), value: String(value), expiresAt };
    }
  }

  private put(key: string, value: string | number, ttlMs: number): void {
    this.check();
    checkTime(ttlMs);
    // Deleted first, so that the map's order is the order of writing and its first key the oldest.
    this.entries.delete(key);
    if (this.entries.size >= this.capacity) this.makeRoom();
    this.entries.set(key, { value, expiresAt: this.clock.now().getTime() + ttlMs });
  }

  /** Goes through all keys, hence frees a hundredth at once: a full cache pays for it once in so many writes. */
  private makeRoom(): void {
    const now = this.clock.now().getTime();
    for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key);
    const room = this.capacity - Math.max(1, Math.floor(this.capacity / 100));
    for (const key of this.entries.keys()) {
      if (this.entries.size <= room) return;
      this.entries.delete(key);
    }
  }
}

const valuePrefix = 'value:';
const valueKey = (key: string): string => `${valuePrefix}${key}`;
const isValueKey = (key: string): boolean => key.startsWith(valuePrefix);
const leaseKey = (name: string): string => `lease:${name}`;
