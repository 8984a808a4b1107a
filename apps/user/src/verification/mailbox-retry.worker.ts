import { setTimeout as pause } from 'node:timers/promises';
import type { MailSourceRun } from './mail-source.types.js';

/** Pauses between two tries of a failing source: doubled each time from `firstMs` up to `maxMs`, a quarter of it random. */
export interface RetryPauses {
  firstMs: number;
  maxMs: number;
}

/** What one try may report. */
export interface SourceProgress {
  /** The mailbox is open. */
  onUp(): void;
  /** Everything there was has been handled: the next failure starts with the first pause again. */
  onDone(): void;
}

/**
 * Runs `attempt` again and again until the run is aborted, and reports each change of state once.
 *
 * @param attempt reads the mailbox until it fails or the signal is aborted
 */
export async function keepTrying(
  run: MailSourceRun,
  pauses: RetryPauses,
  attempt: (progress: SourceProgress) => Promise<void>,
): Promise<void> {
  let state: 'up' | 'down' | null = null;
  let failures = 0;
  const tell = (next: 'up' | 'down', detail?: string) => {
    if (next !== state) run.onState(next, detail);
    state = next;
  };
  while (!run.signal.aborted) {
    try {
      await attempt({ onUp: () => tell('up'), onDone: () => (failures = 0) });
    } catch (error) {
      if (run.signal.aborted) break;
      tell('down', error instanceof Error ? error.message : String(error));
    }
    const longest = Math.min(pauses.maxMs, pauses.firstMs * 2 ** Math.min(failures, 20));
    failures += 1;
    await pause(longest * (0.75 + Math.random() / 4), undefined, { signal: run.signal }).catch(() => undefined);
  }
}
