import type { Counter, Gauge } from 'prom-client';
import { rotatePage, type EncryptedColumn, type FieldCipher, type RotatedPage } from '#encryption';
import type { CommandContext, UnitOfWork } from '#messaging';
import type { JobRunner } from '../job.runner.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';

interface Parts {
  readonly unitOfWork: UnitOfWork;
  readonly jobs: JobRunner;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly cipher: FieldCipher;
}

type Page = (context: CommandContext, after: RotatedPage['next']) => Promise<RotatedPage>;

/** What one page has changed, for the event that says so. */
export interface RotationFacts {
  readonly field: string;
  readonly key_id: string;
  readonly rewritten: number;
  readonly unreadable: number;
}

export interface Rotation {
  /** The job's, in whose name the transactions run. */
  readonly name: string;
  /** Logged when a round fails. */
  readonly complaint: string;
  readonly columns: readonly EncryptedColumn[];
  /** What else hangs on the keys: handles the page after `after`, by the field it is counted as. */
  readonly others?: Readonly<Record<string, Page>>;
  /** Emits the event that is the audit entry. */
  tell(context: CommandContext, facts: RotationFacts): void;
}

const everyMs = 600_000;
const pagesAtMost = 100_000;

/** Rows that are locked together; so long a member may have to wait for theirs. */
export const fieldsPerPage = 50;

/**
 * Moves encrypted fields to the newest key (O-04) while everybody goes on working, one replica at a time: a transaction for each page, and
 * its figures. A field that no key reads is left alone.
 */
export class FieldRotationRounds {
  private readonly rotated: Counter<'field'>;
  private readonly unreadable: Gauge<'field'>;

  constructor(
    private readonly parts: Parts,
    private readonly rotation: Rotation,
  ) {
    const text = 'Encrypted fields that were moved to the newest key';
    this.rotated = parts.metrics.counter('coser_encrypted_fields_rotated_total', text, ['field']);
    this.unreadable = parts.metrics.gauge(
      'coser_encrypted_fields_unreadable',
      'Encrypted fields that no key reads, as the last round found them',
      () => undefined,
      ['field'],
    );
  }

  /** From now on the rounds are a job of the service. */
  start(): void {
    const { name, complaint } = this.rotation;
    const round = (stopping: AbortSignal): Promise<void> => this.round(stopping);
    this.parts.jobs.add({ name, everyMs, atStart: true, lock: 'each', complaint, round });
  }

  private async round(stopping: AbortSignal): Promise<void> {
    const { columns, others = {} } = this.rotation;
    for (const column of columns) {
      await this.rotateAll(`${column.table}.${column.column}`, stopping, ({ tx }, after) =>
        rotatePage(tx, this.parts.cipher, column, { after, limit: fieldsPerPage }),
      );
    }
    for (const [field, page] of Object.entries(others)) await this.rotateAll(field, stopping, page);
  }

  private async rotateAll(field: string, stopping: AbortSignal, page: Page): Promise<void> {
    const { unitOfWork, logger } = this.parts;
    let after: RotatedPage['next'] = null;
    let unreadable = 0;
    for (let count = 0; count < pagesAtMost && !stopping.aborted; count += 1) {
      const from: RotatedPage['next'] = after;
      const done: RotatedPage = await unitOfWork.runAs(this.rotation.name, async (context) => {
        const rotated = await page(context, from);
        const { rewritten, unreadable: left } = rotated;
        const facts = { field, key_id: this.parts.cipher.keyId, rewritten, unreadable: left };
        if (rewritten > 0) this.rotation.tell(context, facts);
        return rotated;
      });
      this.rotated.labels(field).inc(done.rewritten);
      unreadable += done.unreadable;
      after = done.next;
      if (after === null) break;
    }
    this.unreadable.labels(field).set(unreadable);
    if (unreadable > 0) logger.error({ field, count: unreadable }, 'encrypted fields that no key reads');
  }
}
