import { NotNowError } from './broker.js';
import type { EventMessage } from './message.js';

export type BatchHandler = (batch: readonly EventMessage[]) => Promise<void>;

const waitForEngineMs = [100, 200, 500, 1000, 2000] as const;
/** A message waits at most this long for an engine before it goes back to its queue (RabbitMQ's own limit is 30 minutes). */
const waitsAtMost = 600;

/** Runs a handler, and waits with the same batch while an engine is away. */
export async function handlePatiently(handle: BatchHandler, batch: readonly EventMessage[], stopped: () => boolean): Promise<void> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await handle(batch);
    } catch (error) {
      if (!(error instanceof NotNowError) || stopped() || waits >= waitsAtMost) throw error;
      await pause(waitForEngineMs[Math.min(waits, waitForEngineMs.length - 1)] as number);
    }
  }
}

/** Before the n-th redelivery: short at first, never more than 2 s. */
export function redeliveryDelayMs(redeliveries: number): number {
  return Math.min(2000, 50 * 2 ** Math.min(redeliveries, 6));
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
