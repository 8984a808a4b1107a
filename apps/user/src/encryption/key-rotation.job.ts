import { Injectable } from '@nestjs/common';
import { EncryptedFieldsRotated } from '#contracts';
import { FieldCipher, type RotatedPage } from '#encryption';
import { UnitOfWork, type CommandContext } from '#messaging';
import {
  FieldRotationRounds,
  fieldsPerPage,
  InjectLogger,
  InjectSettings,
  JobRunner,
  Metrics,
  type Logger,
} from '#service';
import { PhoneBindingService } from '../phone/phone-binding.service.js';
import type { UserSettings } from '../user.env.js';
import { encryptedColumns } from './encrypted-fields.data.js';

/** Moves encrypted fields and blind indexes to the newest keys (O-04). */
@Injectable()
export class KeyRotationJob {
  constructor(
    unitOfWork: UnitOfWork,
    private readonly phones: PhoneBindingService,
    @InjectLogger() logger: Logger,
    @InjectSettings() settings: UserSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    const cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    new FieldRotationRounds(
      { unitOfWork, jobs, logger, metrics, cipher },
      {
        name: 'key-rotation',
        complaint: 'keys could not be rotated, it will be tried again',
        columns: encryptedColumns,
        others: { user_phone_indexes: (context, after) => this.reindex(context, Number(after ?? 0)) },
        tell: ({ emit }, facts) => emit(EncryptedFieldsRotated, facts, { after: { ...facts } }),
      },
    ).start();
  }

  private async reindex(context: CommandContext, after: number): Promise<RotatedPage> {
    const members = await this.phones.withoutNewestIndex(context.tx, after, fieldsPerPage);
    let rewritten = 0;
    for (const userId of members) {
      if (await this.phones.reindex(context, userId)) rewritten += 1;
    }
    const next = members.length < fieldsPerPage ? null : (members.at(-1) ?? null);
    return { rewritten, unreadable: members.length - rewritten, next };
  }
}
