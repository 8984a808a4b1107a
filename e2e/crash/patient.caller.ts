import { setTimeout as pause } from 'node:timers/promises';
import { RestClient, type Answer, type Tokens } from '../platform/index.js';

/** Longer than the gateway waits for a service. */
const callTimeoutMs = 8_000;
const patienceMs = 180_000;
const longestPauseMs = 1_000;

export interface CallCounts {
  /** HTTP requests sent. */
  requests: number;
  /** Requests without an answer: connection refused or lost, or too slow ... */
  unanswered: number;
  /** ... or with a server error: away, timeout, anything else. */
  unavailable: number;
  timedOut: number;
  internal: number;
  /** The longest time until a caller had its answer, ms. */
  slowestMs: number;
}

/** Asks until there is an answer, always under the same key: what a caller does who does not know what became of a request. */
export class PatientCaller {
  readonly counts: CallCounts = { requests: 0, unanswered: 0, unavailable: 0, timedOut: 0, internal: 0, slowestMs: 0 };

  constructor(private readonly gatewayUrls: readonly string[]) {}

  /** The first definite answer (a success or a refusal). @throws when there is none for three minutes. */
  async send(
    tokens: Tokens,
    { path, body, key }: { path: string; body: Record<string, unknown>; key: string },
    firstGateway: number,
  ): Promise<Answer> {
    const startedAt = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const url = this.gatewayUrls[(firstGateway + attempt) % this.gatewayUrls.length] as string;
      this.counts.requests += 1;
      const outcome = await new RestClient(url, { tokens })
        .call('POST', path, { body, idempotencyKey: key, timeoutMs: callTimeoutMs })
        .catch((error: unknown) => error as Error);
      const tookMs = performance.now() - startedAt;
      if (!(outcome instanceof Error) && isDefinite(outcome)) {
        this.counts.slowestMs = Math.max(this.counts.slowestMs, Math.round(tookMs));
        return outcome;
      }
      this.counts[kindOf(outcome)] += 1;
      if (tookMs > patienceMs) throw new Error(`${key} got no answer in ${patienceMs} ms: ${describe(outcome)}`);
      await pause(Math.min(longestPauseMs, 50 * 2 ** Math.min(attempt, 10)));
    }
  }
}

/** A server error says nothing about what became of the request; neither does a wish to come back later. */
function isDefinite({ status }: Answer): boolean {
  return status < 500 && status !== 429;
}

function kindOf(outcome: Answer | Error): 'unanswered' | 'unavailable' | 'timedOut' | 'internal' {
  if (outcome instanceof Error) return 'unanswered';
  return outcome.status === 503 ? 'unavailable' : outcome.status === 504 ? 'timedOut' : 'internal';
}

function describe(outcome: Answer | Error): string {
  return outcome instanceof Error ? String(outcome) : `${outcome.status} ${outcome.message}`;
}
