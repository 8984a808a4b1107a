import { setTimeout as pause } from 'node:timers/promises';
import { NotNowError } from './broker.js';
import type { EventMessage } from './message.js';

export type BatchHandler = (batch: readonly EventMessage[]) => Promise<void>;

/** What became of the message at `index`; `failure` is missing when it was handled. */
export type Settle = (index: number, failure?: { error: unknown }) => void;

const waitForEngineMs = [100, 200, 500, 1000, 2000] as const;
/** A message waits at most this often for an engine before it counts as failed (RabbitMQ's own limit is 30 minutes). */
const waitsAtMost = 600;

/**
 * Hands a batch to its handler in one go and, when that fails, one message at a time, so that one bad message does not keep
 * the others. Once `stopped` says so, messages are left unsettled: whoever delivered them does so again.
 */
export async function handleBatch(
  handle: BatchHandler,
  batch: readonly EventMessage[],
  stopped: () => boolean,
  settle: Settle,
): Promise<void> {
  const failure = await handlePatiently(handle, batch, stopped);
  if (!failure) return batch.forEach((_, index) => settle(index));
  if (stopped()) return;
  if (batch.length === 1) return settle(0, failure);
  for (const [index, message] of batch.entries()) {
    const failureAlone = await handlePatiently(handle, [message], stopped);
    if (failureAlone && stopped()) return;
    settle(index, failureAlone);
  }
}

/** Runs a handler, and waits with the same batch while an engine is away. Resolves with what it threw, if anything. */
async function handlePatiently(
  handle: BatchHandler,
  batch: readonly EventMessage[],
  stopped: () => boolean,
): Promise<{ error: unknown } | undefined> {
  for (let waits = 0; ; waits += 1) {
    try {
      await handle(batch);
      return undefined;
    } catch (error) {
      if (!(error instanceof NotNowError) || stopped() || waits >= waitsAtMost) return { error };
      await pause(waitForEngineMs[Math.min(waits, waitForEngineMs.length - 1)] as number);
    }
  }
}

/** Before the n-th redelivery: short at first, never more than 2 s. */
export function redeliveryDelayMs(redeliveries: number): number {
  return Math.min(2000, 50 * 2 ** Math.min(redeliveries, 6));
}
