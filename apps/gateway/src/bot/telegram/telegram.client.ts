import { setTimeout as pause } from 'node:timers/promises';
import type { Telegram } from 'telegraf';
import { isPassingFailure, retryAfterMs } from './telegram.errors.js';

const callTimeoutMs = 15_000;
const failuresAtMost = 3;
/** A longer wait than this is not waited: the member has gone on by then, and others stand behind in the queue. */
const waitAtMostMs = 20_000;
const politenessMs = 1_000;

/** Lets the calls of one update obey Telegram's `retry_after` and outlive short failures, within limits. */
export function makePatient(telegram: Telegram): void {
  const callOnce = telegram.callApi.bind(telegram);
  telegram.callApi = async (method, payload) => {
    const deadline = performance.now() + waitAtMostMs;
    for (let failures = 1; ; failures += 1) {
      try {
        return await callOnce(method, payload, { signal: timeLimit(callTimeoutMs) });
      } catch (error) {
        const waitMs = waitBeforeRepeat(error, failures);
        if (waitMs === undefined || performance.now() + waitMs > deadline) throw error;
        await pause(waitMs);
      }
    }
  };
}

/** Gives every call without a signal of its own a time limit, for telegraf's is eight minutes. */
export function limitCalls(telegram: Telegram): void {
  const call = telegram.callApi.bind(telegram);
  telegram.callApi = (method, payload, options) =>
    call(method, payload, { ...options, signal: options?.signal ?? timeLimit(callTimeoutMs) });
}

/** An abort signal of the shape telegraf's types know. */
export function timeLimit(milliseconds: number, stop?: AbortSignal): TelegramSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return (stop ? AbortSignal.any([stop, timeout]) : timeout) as TelegramSignal;
}

type TelegramSignal = NonNullable<NonNullable<Parameters<Telegram['callApi']>[2]>['signal']>;

/**
 * Telegram's own time, plus more each time: another sender to the same chat may be told the same, and two that come back in
 * step keep each other out.
 */
function waitBeforeRepeat(error: unknown, failures: number): number | undefined {
  const told = retryAfterMs(error);
  if (told !== undefined) return told + Math.round(Math.random() * failures * politenessMs);
  return isPassingFailure(error) && failures < failuresAtMost ? failures * 400 : undefined;
}
