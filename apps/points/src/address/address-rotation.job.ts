import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { AddressesReencrypted } from '#contracts';
import { FieldCipher, rotatePage, type EncryptedColumn, type RotatedPage } from '#encryption';
import { UnitOfWork } from '#messaging';
import { InjectLogger, InjectSettings, JobRunner, Metrics, type Logger } from '#service';
import type { PointsSettings } from '../points.env.js';

const everyMs = 600_000;
/** Rows that are locked together; so long a member may have to wait for theirs. */
const rowsPerPage = 50;
const pagesAtMost = 100_000;

const columns: readonly EncryptedColumn[] = [
  { table: 'addresses', key: 'id', column: 'sealed' },
  { table: 'points_exchange_addresses', key: 'order_id', column: 'sealed' },
];

/** Moves addresses to the newest key (O-04) while everybody goes on working: page by page, one replica at a time. */
@Injectable()
export class AddressRotationJob {
  private readonly cipher: FieldCipher;
  private readonly rotated: Counter<'field'>;
  private readonly unreadable: Gauge<'field'>;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name: 'address-rotation',
      everyMs,
      atStart: true,
      lock: 'each',
      complaint: 'addresses keep their old key, it will be tried again',
      round: (stopping) => this.round(stopping),
    });
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    const text = 'Encrypted fields that were moved to the newest key';
    this.rotated = metrics.counter('coser_encrypted_fields_rotated_total', text, ['field']);
    this.unreadable = metrics.gauge(
      'coser_encrypted_fields_unreadable',
      'Encrypted fields that no key reads, as the last round found them',
      () => undefined,
      ['field'],
    );
  }

  private async round(stopping: AbortSignal): Promise<void> {
    for (const column of columns) await this.rotate(column, stopping);
  }

  private async rotate(column: EncryptedColumn, stopping: AbortSignal): Promise<void> {
    let after: RotatedPage['next'] = null;
    let unreadable = 0;
    for (let page = 0; page < pagesAtMost && !stopping.aborted; page += 1) {
      const done: RotatedPage = await this.rotatePage(column, after);
      this.rotated.labels(fieldOf(column)).inc(done.rewritten);
      unreadable += done.unreadable;
      after = done.next;
      if (after === null) break;
    }
    this.unreadable.labels(fieldOf(column)).set(unreadable);
    if (unreadable > 0) this.logger.error({ table: column.table, unreadable }, 'addresses that no key reads');
  }

  private rotatePage(column: EncryptedColumn, after: RotatedPage['next']): Promise<RotatedPage> {
    return this.unitOfWork.runAs('address-rotation', async (context) => {
      const done = await rotatePage(context.tx, this.cipher, column, { after, limit: rowsPerPage });
      if (done.rewritten > 0) {
        const { rewritten, unreadable } = done;
        const facts = { field: fieldOf(column), key_id: this.cipher.keyId, rewritten, unreadable };
        context.emit(AddressesReencrypted, facts, { after: facts });
      }
      return done;
    });
  }
}

function fieldOf({ table, column }: EncryptedColumn): string {
  return `${table}.${column}`;
}
