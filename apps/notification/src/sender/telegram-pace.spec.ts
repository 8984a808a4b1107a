import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RateLimiter } from '#testing/bot-emulator';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import { lanes } from '../deliveries/delivery.rules.js';
import { readNotificationSettings } from '../notification.env.js';
import { SendingCounter } from './sending.counter.js';
import { overallPauseMs, slotsOf } from './telegram-pace.rules.js';
import { TelegramPacer } from './telegram.pacer.js';

const minuteMs = 60_000;
const logChat = '-1001';

/** Random numbers that are the same in every run. */
function randomsOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Ten minutes of sending before the emulator's own limits, on a clock that takes no time. */
class SimulatedSending {
  readonly limiter = new RateLimiter({}, true, () => Date.now());
  readonly waits: Record<number, number[]> = { 0: [], 1: [], 2: [], 3: [] };
  private readonly pacer: TelegramPacer;

  constructor(private readonly random: () => number) {
    this.pacer = new TelegramPacer({ now: () => new Date() }, readNotificationSettings(freshEncryptionKeys()));
    this.pacer.takeOver([]);
  }

  /** Goes on until it is sent; calls `sent` then. */
  send(chatId: string, lane: number, sent: () => void = () => undefined, since = Date.now()): void {
    void this.pacer.turn(chatId, lane, 5_000).then((turn) => {
      if (!turn.go) return void setTimeout(() => this.send(chatId, lane, sent, since), turn.until - Date.now());
      const thereMs = this.latencyMs();
      setTimeout(() => {
        const retryAfter = this.limiter.charge('sendMessage', Number(chatId), chatId.startsWith('-'));
        this.waits[lane]?.push(Date.now() - since);
        setTimeout(() => {
          this.pacer.answered(chatId);
          if (retryAfter > 0) this.pacer.penalise(chatId, retryAfter * 1_000);
          sent();
        }, this.latencyMs());
      }, thereMs);
    });
  }

  /** Mostly quick, at times as slow as a bad network. */
  private latencyMs(): number {
    return this.random() < 0.02 ? 100 + this.random() * 300 : 5 + this.random() * 60;
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

it('N-09: breaks no limit in ten minutes, and codes do not wait for a broadcast', async () => {
  const random = randomsOf(20_260_301);
  const sending = new SimulatedSending(random);
  let recipient = 0;
  const broadcast = (): void => {
    recipient += 1;
    sending.send(String(1_000_000 + recipient), lanes.broadcast, broadcast);
  };
  for (let inHand = 0; inHand < 15; inHand += 1) broadcast();
  const log = (): void => sending.send(logChat, lanes.transactional, log);
  log();
  const codes = setInterval(() => sending.send(String(10 + Math.floor(random() * 5_000)), lanes.code), 400);
  const receipts = setInterval(() => sending.send(String(10 + Math.floor(random() * 50)), lanes.receipt), 700);
  await vi.advanceTimersByTimeAsync(10 * minuteMs);
  clearInterval(codes);
  clearInterval(receipts);
  expect(sending.limiter.violations).toEqual([]);
  const waits = (sending.waits[lanes.code] ?? []).sort((left, right) => left - right);
  expect(waits.length).toBeGreaterThan(1_400);
  expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThanOrEqual(1_000);
  // The pace is used, not just kept: all lanes together come close to 25 a second.
  const total = Object.values(sending.waits).reduce((sum, { length }) => sum + length, 0);
  expect(total).toBeGreaterThan(10 * 60 * 22);
  // About fifteen messages a minute into a group whose limit is 20.
  expect((sending.waits[lanes.transactional] ?? []).length).toBeGreaterThan(130);
});

it('counts a message until a second after its answer', () => {
  const counter = new SendingCounter(2, 1_000);
  counter.take();
  counter.take();
  expect(counter.hasRoom(0)).toBe(false);
  counter.answered(500);
  expect(counter.hasRoom(1_499)).toBe(false);
  expect(counter.nextRelease).toBe(1_500);
  expect(counter.hasRoom(1_500)).toBe(true);
});

it.each([
  [1, 3],
  [10, 12],
  [25, 28],
  [28, 29],
  [100, 100],
])('at %i messages a second %i may be under way', (perSecond, slots) => {
  expect(slotsOf(perSecond)).toBe(slots);
});

it('takes refusals of several groups for what they are, and of several people for the whole bot', () => {
  const limited = (chatId: string, at: number) => ({ chatId, at, retryAfterMs: 60_000 });
  expect(overallPauseMs(limited('-1', 10), [limited('-2', 0)])).toBe(1_000);
  expect(overallPauseMs(limited('1', 10), [limited('2', 0)])).toBe(60_000);
  expect(overallPauseMs(limited('1', 10), [limited('-2', 0)])).toBe(60_000);
  expect(overallPauseMs(limited('1', 40_000), [limited('2', 0)])).toBe(1_000);
});
