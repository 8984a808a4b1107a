import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from '#cache';
import { SweepTurnStore } from './sweep-turn.store.js';

const settings = { GROUP_SWEEP_INTERVAL_SECONDS: 3_600 };

describe('whose turn it is to ask about rosters', () => {
  let cache: Cache;
  let one: SweepTurnStore;
  let other: SweepTurnStore;

  beforeEach(async () => {
    cache = await openCache();
    [one, other] = [new SweepTurnStore(cache, settings), new SweepTurnStore(cache, settings)];
  });
  afterEach(() => cache.close());

  it('U-12: one replica begins a round, and none another within the interval', async () => {
    expect(await one.mayBegin()).toBe(true);
    expect([await one.mayBegin(), await other.mayBegin()]).toEqual([false, false]);
    expect([await one.mayGoOn(), await other.mayGoOn()]).toEqual([true, false]);
    await one.giveUp();
    expect([await other.mayBegin(), await other.mayGoOn()]).toEqual([false, true]);
  });

  it('U-12: a turn lasts as long as it is asked for again, however slow the work is; then another replica has it', async () => {
    let now = new Date('2031-05-04T03:00:00Z');
    const later = await openCache({ clock: { now: () => now } });
    [one, other] = [new SweepTurnStore(later, settings), new SweepTurnStore(later, settings)];
    expect(await one.mayBegin()).toBe(true);
    const pass = (seconds: number): void => void (now = new Date(now.getTime() + seconds * 1_000));
    for (let question = 0; question < 25; question += 1) {
      pass(59);
      expect([await other.mayBegin(), await other.mayGoOn(), await one.mayGoOn()]).toEqual([false, false, true]);
    }
    pass(61);
    expect([await other.mayGoOn(), await one.mayGoOn()]).toEqual([true, false]);
    await later.close();
  });

  it('U-12: a round that is called for begins at once, by whoever has the turn', async () => {
    expect(await one.mayBegin()).toBe(true);
    await other.callRound();
    expect([await other.mayBegin(), await one.mayBegin()]).toEqual([false, true]);
  });

  it('U-12: nobody asks while Telegram wants to be left alone, not even when a round is called for', async () => {
    expect(await one.mayBegin()).toBe(true);
    await one.rest(3_600_000);
    await one.callRound();
    expect([await one.mayBegin(), await one.mayGoOn(), await other.mayBegin()]).toEqual([false, false, false]);
  });

  it('U-12: without the cache nobody asks', async () => {
    await cache.close();
    expect([await one.mayBegin(), await one.mayGoOn()]).toEqual([false, false]);
    await one.callRound();
  });
});
