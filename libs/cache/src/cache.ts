/** What a limit says about one hit. */
export interface HitResult {
  readonly allowed: boolean;
  /** What is left in the window after this hit. */
  readonly remaining: number;
  /** 0 when allowed; otherwise the time until the window ends. */
  readonly retryAfterMs: number;
}

/** At most `limit` in a window of `windowMs` that begins with the first hit. */
export interface HitLimit {
  /** What is counted: `login:<ip>`. */
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  /** How much this hit weighs, a whole number; default 1. */
  readonly cost?: number | undefined;
}

/**
 * Short-lived knowledge that all replicas share and that may be lost at any time: nothing in here is the only copy of a fact.
 * Every method rejects with CacheUnavailableError within 300 ms when the engine is away; the caller decides what that means.
 * Times are in milliseconds, whole, above 0; Redis measures them by its own clock.
 */
export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Gets and deletes in one step: of any number of callers one gets the value. */
  take(key: string): Promise<string | null>;
  /** Returns whether the key was free and is now this value; of any number of callers one gets true. */
  putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  /**
   * Counts a hit if the window has room for it, in one step over all replicas: never more than `limit` are allowed in a window.
   * A hit that is not allowed is not counted, so that retrying does not lengthen the wait.
   */
  hit(limit: HitLimit): Promise<HitResult>;
  /** Takes or renews the lease; false while another owner has it. It says who works now, not that nobody else still does. */
  acquireLease(name: string, owner: string, ttlMs: number): Promise<boolean>;
  /** False when the lease is not this owner's any more. */
  renewLease(name: string, owner: string, ttlMs: number): Promise<boolean>;
  /** Gives the lease back; does nothing when it is another owner's. */
  releaseLease(name: string, owner: string): Promise<void>;
  /** Leaves nothing behind of what was deleted or has expired, on no disk either; a real engine keeps no history. */
  forgetHistory(): Promise<void>;
  ping(): Promise<void>;
  readonly connected: boolean;
  close(): Promise<void>;
}

/** The engine did not answer: it is away, too slow, or the cache was closed. The effect of the call is unknown. */
export class CacheUnavailableError extends Error {
  constructor(cause?: unknown) {
    super('the cache is not available', { cause });
    this.name = 'CacheUnavailableError';
  }
}
