import { Injectable } from '@nestjs/common';
import { AddressesReencrypted } from '#contracts';
import { FieldCipher, type EncryptedColumn } from '#encryption';
import { UnitOfWork } from '#messaging';
import { FieldRotationRounds, InjectLogger, InjectSettings, JobRunner, Metrics, type Logger } from '#service';
import type { PointsSettings } from '../points.env.js';

const columns: readonly EncryptedColumn[] = [
  { table: 'addresses', key: 'id', column: 'sealed' },
  { table: 'points_exchange_addresses', key: 'order_id', column: 'sealed' },
];

/** Moves addresses to the newest key (O-04). */
@Injectable()
export class AddressRotationJob {
  constructor(
    unitOfWork: UnitOfWork,
    @InjectLogger() logger: Logger,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    const cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    new FieldRotationRounds(
      { unitOfWork, jobs, logger, metrics, cipher },
      {
        name: 'address-rotation',
        complaint: 'addresses keep their old key, it will be tried again',
        columns,
        tell: ({ emit }, facts) => emit(AddressesReencrypted, facts, { after: { ...facts } }),
      },
    ).start();
  }
}
