import { TelegramError } from 'telegraf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BotEmulator } from './bot.emulator.js';
import { startEmulator, telegrafFor } from './bot.fixture.js';
import { RateLimiter } from './rate.limiter.js';

describe('RateLimiter', () => {
  let now: number;
  const limiterWith = (enforce = true): RateLimiter => new RateLimiter({}, enforce, () => now);

  beforeEach(() => {
    now = 1_700_000_000_000;
  });

  it('takes a small burst per chat, then one message per second', () => {
    const limiter = limiterWith();
    const burst = Array.from({ length: 5 }, () => limiter.charge('sendMessage', 1, false));
    expect(burst).toEqual([0, 0, 0, 0, 1]);
    now += 999;
    expect(limiter.charge('sendMessage', 1, false)).toBe(1);
    now += 1_001;
    expect(limiter.charge('sendMessage', 1, false)).toBe(0);
  });

  it('takes 30 messages per second overall, and a refusal closes everything until its wait is over', () => {
    const limiter = limiterWith();
    for (let chat = 1; chat <= 30; chat += 1) {
      expect(limiter.charge('sendMessage', chat, false)).toBe(0);
    }
    expect(limiter.charge('sendMessage', 31, false)).toBe(1);
    now += 1_000;
    expect(limiter.charge('sendMessage', 32, false)).toBe(0);
    expect(limiter.violations).toMatchObject([{ scope: 'overall', chatId: 31, retryAfter: 1 }]);
  });

  it('takes 20 messages per minute into a group', () => {
    const limiter = limiterWith();
    for (let count = 0; count < 20; count += 1) {
      expect(limiter.charge('sendMessage', -5, true)).toBe(0);
      now += 1_000;
    }
    expect(limiter.charge('sendMessage', -5, true)).toBe(40);
    now += 40_000;
    expect(limiter.charge('sendMessage', -5, true)).toBe(0);
  });

  it('keeps other limits from the moment they are given', () => {
    const limiter = limiterWith(true);
    const sendable = () =>
      Array.from({ length: 20 }, () => limiter.charge('sendMessage', 1, false)).filter((wait) => wait === 0);
    expect(sendable()).toHaveLength(4);
    limiter.change({ chatBurst: 1_000 });
    now += 60_000;
    expect(sendable()).toHaveLength(20);
    limiter.change({ chatBurst: 4 });
    expect(sendable()).toHaveLength(0);
  });

  it('only takes notes when the limits are not enforced', () => {
    const limiter = limiterWith(false);
    const waits = Array.from({ length: 100 }, () => limiter.charge('sendMessage', 1, false));
    expect(new Set(waits)).toEqual(new Set([0]));
    expect(limiter.violations.length).toBeGreaterThan(60);
  });
});

describe('limits over the wire', () => {
  let emulator: BotEmulator;
  let now = 1_700_000_000_000;

  beforeEach(async () => {
    emulator = await startEmulator({ clock: () => now });
  });
  afterEach(() => emulator.stop());

  it('answers 429 with retry_after, counts the violation and recovers', async () => {
    const { telegram } = telegrafFor(emulator);
    const mila = emulator.member({ first_name: 'Mila' });
    await mila.start();
    const results = [];
    for (let count = 0; count < 5; count += 1) {
      results.push(await telegram.sendMessage(mila.id, `message ${count}`).catch((error: unknown) => error));
    }
    const refusal = results.at(-1) as TelegramError;
    expect(refusal).toBeInstanceOf(TelegramError);
    expect(refusal.response).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    expect(emulator.violations()).toMatchObject([{ scope: 'chat', method: 'sendMessage', chatId: mila.id }]);
    now += 1_000;
    await expect(telegram.sendMessage(mila.id, 'after the wait')).resolves.toMatchObject({ text: 'after the wait' });
    expect(mila.chat()).toHaveLength(6);
  });
});
