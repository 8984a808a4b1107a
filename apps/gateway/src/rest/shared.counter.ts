import type { Cache } from '#cache';

interface Count {
  windowStartedAt: number;
  /** What this process has let through since it last told the others. */
  untold: number;
  /** What all processes together have let through, as far as known. */
  known: number;
  blockedUntil: number;
}

const keysAtMost = 100_000;
/** A process tells the others after this share of the limit, so that a request costs no round trip of its own. */
const tellAfterShare = 0.05;

/**
 * A limit per key and window that replicas share roughly: each counts for itself and adds its count to the cache in bundles.
 * Never stricter than the limit; with N replicas at most N bundles looser. For exact limits there is `Cache.hit`.
 */
export class SharedCounter {
  private readonly counts = new Map<string, Count>();
  private readonly bundle: number;

  constructor(
    private readonly cache: Cache,
    private readonly scope: string,
    private readonly limit: number,
    private readonly windowMs: number,
  ) {
    this.bundle = Math.max(1, Math.floor(limit * tellAfterShare));
  }

  /** Counts a hit; 0 when it is allowed, otherwise the milliseconds to wait. */
  hit(key: string, now: number): number {
    const windowStartedAt = now - (now % this.windowMs);
    let count = this.counts.get(key);
    if (!count || count.windowStartedAt !== windowStartedAt) {
      count = { windowStartedAt, untold: 0, known: 0, blockedUntil: 0 };
      this.makeRoom();
      this.counts.set(key, count);
    }
    if (count.blockedUntil > now) return count.blockedUntil - now;
    if (count.known + count.untold >= this.limit) return windowStartedAt + this.windowMs - now;
    count.untold += 1;
    if (count.untold >= this.bundle) this.tell(key, count, windowStartedAt);
    return 0;
  }

  private tell(key: string, count: Count, windowStartedAt: number): void {
    const cost = count.untold;
    count.untold = 0;
    count.known += cost;
    const shared = `rate:${this.scope}:${key}:${windowStartedAt}`;
    this.cache
      .hit({ key: shared, limit: this.limit, windowMs: this.windowMs, cost })
      .then(({ allowed, remaining, retryAfterMs }) => {
        if (!allowed) count.blockedUntil = Math.min(windowStartedAt + this.windowMs, Date.now() + retryAfterMs);
        else count.known = Math.max(count.known, this.limit - remaining);
      })
      // Without the cache each replica counts for itself.
      .catch(() => undefined);
  }

  private makeRoom(): void {
    if (this.counts.size < keysAtMost) return;
    const oldest = this.counts.keys().next().value;
    if (oldest !== undefined) this.counts.delete(oldest);
  }
}
