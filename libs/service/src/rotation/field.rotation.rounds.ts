import type { Counter, Gauge } from 'prom-client';
import type { CommandContext, UnitOfWork } from '#messaging';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';

/** What became of one page of encrypted fields. */
export interface FieldPage {
  readonly rewritten: number;
  /** Fields that no key reads; they stay as they are. */
  readonly unreadable: number;
  /** Where the next page begins; null when this one was the last. */
  readonly next: string | number | null;
}

interface Parts {
  /** In whose name the transactions run. */
  readonly name: string;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const pagesAtMost = 100_000;

/** Rows that are locked together; so long a member may have to wait for theirs. */
export const fieldsPerPage = 50;

/** Moves encrypted fields to the newest key (O-04) while everybody goes on working: a transaction for each page, and its figures. */
export class FieldRotationRounds {
  private readonly rotated: Counter<'field'>;
  private readonly unreadable: Gauge<'field'>;

  constructor(private readonly parts: Parts) {
    const { metrics } = parts;
    const text = 'Encrypted fields that were moved to the newest key';
    this.rotated = metrics.counter('coser_encrypted_fields_rotated_total', text, ['field']);
    this.unreadable = metrics.gauge(
      'coser_encrypted_fields_unreadable',
      'Encrypted fields that no key reads, as the last round found them',
      () => undefined,
      ['field'],
    );
  }

  /** All pages of a field; `page` handles the one after `after` and tells of it when it has changed something. */
  async rotateAll(
    field: string,
    stopping: AbortSignal,
    page: (context: CommandContext, after: FieldPage['next']) => Promise<FieldPage>,
  ): Promise<void> {
    let after: FieldPage['next'] = null;
    let unreadable = 0;
    for (let count = 0; count < pagesAtMost && !stopping.aborted; count += 1) {
      const at: FieldPage['next'] = after;
      const done: FieldPage = await this.parts.unitOfWork.runAs(this.parts.name, (context) => page(context, at));
      this.rotated.labels(field).inc(done.rewritten);
      unreadable += done.unreadable;
      after = done.next;
      if (after === null) break;
    }
    this.unreadable.labels(field).set(unreadable);
    if (unreadable > 0) this.parts.logger.error({ field, count: unreadable }, 'encrypted fields that no key reads');
  }
}
