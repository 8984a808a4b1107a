import { Injectable } from '@nestjs/common';
import { AddressesReencrypted } from '#contracts';
import { FieldCipher, rotatePage, type EncryptedColumn } from '#encryption';
import { UnitOfWork, type CommandContext } from '#messaging';
import {
  FieldRotationRounds,
  fieldsPerPage,
  InjectLogger,
  InjectSettings,
  JobRunner,
  Metrics,
  type FieldPage,
  type Logger,
} from '#service';
import type { PointsSettings } from '../points.env.js';

const everyMs = 600_000;
const name = 'address-rotation';

const columns: readonly EncryptedColumn[] = [
  { table: 'addresses', key: 'id', column: 'sealed' },
  { table: 'points_exchange_addresses', key: 'order_id', column: 'sealed' },
];

/** Moves addresses to the newest key (O-04), one replica at a time. */
@Injectable()
export class AddressRotationJob {
  private readonly cipher: FieldCipher;
  private readonly rounds: FieldRotationRounds;

  constructor(
    unitOfWork: UnitOfWork,
    @InjectLogger() logger: Logger,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    this.rounds = new FieldRotationRounds({ name, unitOfWork, logger, metrics });
    jobs.add({
      name,
      everyMs,
      atStart: true,
      lock: 'each',
      complaint: 'addresses keep their old key, it will be tried again',
      round: (stopping) => this.round(stopping),
    });
  }

  private async round(stopping: AbortSignal): Promise<void> {
    for (const column of columns) {
      const field = `${column.table}.${column.column}`;
      await this.rounds.rotateAll(field, stopping, async (context, after) =>
        this.told(context, field, await rotatePage(context.tx, this.cipher, column, { after, limit: fieldsPerPage })),
      );
    }
  }

  private told(context: CommandContext, field: string, page: FieldPage): FieldPage {
    const { rewritten, unreadable } = page;
    const facts = { field, key_id: this.cipher.keyId, rewritten, unreadable };
    if (rewritten > 0) context.emit(AddressesReencrypted, facts, { after: facts });
    return page;
  }
}
