import { randomInt } from 'node:crypto';
import { badRequest } from './api.failure.js';
import { bounds } from './emulator.options.js';

interface OpenQuery {
  createdAt: number;
  answered: boolean;
  resolve?: (answer: Record<string, unknown>) => void;
}

/** Queries (button presses, inline queries) that wait for their one answer. */
export class QueryDesk {
  private readonly queries = new Map<string, OpenQuery>();

  constructor(
    private readonly now: () => number,
    private readonly lifetimeMs: number,
  ) {}

  /** Opens a query; the promise resolves with the bot's answer and rejects when there is none in `timeoutMs`. */
  open(timeoutMs: number): { id: string; answer: Promise<Record<string, unknown>> } {
    const id = String(randomInt(2 ** 40, 2 ** 47));
    const answer = new Promise<Record<string, unknown>>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the bot did not answer the query in ${timeoutMs} ms`)),
        timeoutMs,
      );
      timer.unref();
      const settle = (value: Record<string, unknown>): void => {
        clearTimeout(timer);
        resolve(value);
      };
      this.queries.set(id, { createdAt: this.now(), answered: false, resolve: settle });
    });
    // Whoever does not wait for the answer must not be ended by its absence.
    answer.catch(() => undefined);
    const oldest = this.queries.size > bounds.openQueries ? this.queries.keys().next().value : undefined;
    if (oldest !== undefined) {
      this.queries.delete(oldest);
    }
    return { id, answer };
  }

  /** Hands the answer over; an unknown, answered or old query is 400 as at Telegram. */
  answer(id: string | undefined, answer: Record<string, unknown>): void {
    const query = this.queries.get(id ?? '');
    if (query === undefined || query.answered || this.now() - query.createdAt > this.lifetimeMs) {
      throw badRequest('query is too old and response timeout expired or query ID is invalid');
    }
    query.answered = true;
    query.resolve?.(answer);
  }

  snapshot(): Array<[id: string, createdAt: number]> {
    return [...this.queries].flatMap(([id, query]) =>
      query.answered ? [] : [[id, query.createdAt] as [string, number]],
    );
  }

  restore(state: Array<[id: string, createdAt: number]>): void {
    for (const [id, createdAt] of state) {
      this.queries.set(id, { createdAt, answered: false });
    }
  }
}
