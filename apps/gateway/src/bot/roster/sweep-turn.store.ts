import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Cache } from '#cache';
import { InjectCache, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';

const lease = 'group-sweep';
/** Longer than one question takes, or telling what was answered; the lease is renewed before each. */
const leaseMs = 60_000;
const roundKey = 'bot:group-sweep:round';
const restKey = 'bot:group-sweep:rest';
const restAtMostMs = 24 * 60 * 60_000;

/**
 * When which replica asks Telegram about rosters (U-12): one at a time, a round per interval whoever runs it, and nobody while
 * Telegram wants to be left alone. Without the cache nobody does; it can wait.
 */
@Injectable()
export class SweepTurnStore {
  private readonly owner = randomUUID();
  private readonly intervalMs: number;

  constructor(
    @InjectCache() private readonly cache: Cache,
    @InjectSettings() settings: Pick<GatewaySettings, 'GROUP_SWEEP_INTERVAL_SECONDS'>,
  ) {
    this.intervalMs = settings.GROUP_SWEEP_INTERVAL_SECONDS * 1_000;
  }

  /** Whether this replica begins a round now; the next one begins an interval later. */
  async mayBegin(): Promise<boolean> {
    return (await this.mayGoOn()) && this.cache.putIfAbsent(roundKey, 'begun', this.intervalMs).catch(() => false);
  }

  /** Whether this replica may go on with a round, for as long as one question takes; keeps the others from beginning one. */
  async mayGoOn(): Promise<boolean> {
    try {
      return (await this.cache.get(restKey)) === null && (await this.cache.acquireLease(lease, this.owner, leaseMs));
    } catch {
      return false;
    }
  }

  /** Nobody asks until this time is over. */
  async rest(milliseconds: number): Promise<void> {
    await this.cache.set(restKey, 'asked for', Math.max(1, Math.min(restAtMostMs, Math.ceil(milliseconds))));
  }

  /** The next round need not wait for its time; should the cache be away, it begins when it would have begun. */
  async callRound(): Promise<void> {
    await this.cache.delete(roundKey).catch(() => undefined);
  }

  async giveUp(): Promise<void> {
    await this.cache.releaseLease(lease, this.owner).catch(() => undefined);
  }
}
