import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { EncryptedFieldsRotated } from '#contracts';
import { FieldCipher, rotatePage, type EncryptedColumn, type RotatedPage } from '#encryption';
import { UnitOfWork, type CommandContext } from '#messaging';
import { InjectLogger, InjectSettings, JobRunner, Metrics, type Logger } from '#service';
import { PhoneBindingService } from '../phone/phone-binding.service.js';
import type { UserSettings } from '../user.env.js';
import { encryptedColumns } from './encrypted-fields.data.js';

const everyMs = 600_000;
/** Rows that are locked together; so long a member may have to wait for theirs. */
const rowsPerPage = 50;
const pagesAtMost = 100_000;
const phoneIndex = 'user_phone_indexes';

type Page = Pick<RotatedPage, 'rewritten' | 'unreadable'> & { next: string | number | null };

/**
 * Moves encrypted fields and blind indexes to the newest keys (O-04) while everybody goes on working: page by page, one replica
 * at a time. A field that no key reads is left alone and counted.
 */
@Injectable()
export class KeyRotationJob {
  private readonly cipher: FieldCipher;
  private readonly rotated: Counter<'field'>;
  private readonly unreadable: Gauge<'field'>;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly phones: PhoneBindingService,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() settings: UserSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name: 'key-rotation',
      everyMs,
      atStart: true,
      lock: 'each',
      complaint: 'keys could not be rotated, it will be tried again',
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
    for (const column of encryptedColumns) {
      const field = `${column.table}.${column.column}`;
      await this.rotateAll(field, stopping, (context, after) => this.rotateColumn(context, column, after));
    }
    await this.rotateAll(phoneIndex, stopping, (context, after) => this.reindex(context, Number(after ?? 0)));
  }

  private async rotateAll(
    field: string,
    stopping: AbortSignal,
    page: (context: CommandContext, after: string | number | null) => Promise<Page>,
  ): Promise<void> {
    let after: string | number | null = null;
    let unreadable = 0;
    for (let count = 0; count < pagesAtMost && !stopping.aborted; count += 1) {
      const at: string | number | null = after;
      const done: Page = await this.unitOfWork.runAs('key-rotation', async (context) => {
        const result = await page(context, at);
        if (result.rewritten > 0) this.tell(context, field, result);
        return result;
      });
      this.rotated.labels(field).inc(done.rewritten);
      unreadable += done.unreadable;
      after = done.next;
      if (after === null) break;
    }
    this.unreadable.labels(field).set(unreadable);
    if (unreadable > 0) this.logger.error({ field, count: unreadable }, 'encrypted fields that no key reads');
  }

  private rotateColumn(
    { tx }: CommandContext,
    column: EncryptedColumn,
    after: string | number | null,
  ): Promise<RotatedPage> {
    return rotatePage(tx, this.cipher, column, { after, limit: rowsPerPage });
  }

  private async reindex(context: CommandContext, after: number): Promise<Page> {
    const members = await this.phones.withoutNewestIndex(context.tx, after, rowsPerPage);
    let rewritten = 0;
    for (const userId of members) {
      if (await this.phones.reindex(context, userId)) rewritten += 1;
    }
    const next = members.length < rowsPerPage ? null : (members.at(-1) ?? null);
    return { rewritten, unreadable: members.length - rewritten, next };
  }

  private tell(context: CommandContext, field: string, { rewritten, unreadable }: Page): void {
    const facts = { field, key_id: this.cipher.keyId, rewritten, unreadable };
    context.emit(EncryptedFieldsRotated, facts, { after: facts });
  }
}
