import { Injectable } from '@nestjs/common';
import { EncryptedFieldsRotated } from '#contracts';
import { FieldCipher, rotatePage } from '#encryption';
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
import { PhoneBindingService } from '../phone/phone-binding.service.js';
import type { UserSettings } from '../user.env.js';
import { encryptedColumns } from './encrypted-fields.data.js';

const everyMs = 600_000;
const name = 'key-rotation';
const phoneIndex = 'user_phone_indexes';

/** Moves encrypted fields and blind indexes to the newest keys (O-04), one replica at a time. A field that no key reads is left alone. */
@Injectable()
export class KeyRotationJob {
  private readonly cipher: FieldCipher;
  private readonly rounds: FieldRotationRounds;

  constructor(
    unitOfWork: UnitOfWork,
    private readonly phones: PhoneBindingService,
    @InjectLogger() logger: Logger,
    @InjectSettings() settings: UserSettings,
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
      complaint: 'keys could not be rotated, it will be tried again',
      round: (stopping) => this.round(stopping),
    });
  }

  private async round(stopping: AbortSignal): Promise<void> {
    for (const column of encryptedColumns) {
      const field = `${column.table}.${column.column}`;
      await this.rounds.rotateAll(field, stopping, async (context, after) =>
        this.told(context, field, await rotatePage(context.tx, this.cipher, column, { after, limit: fieldsPerPage })),
      );
    }
    await this.rounds.rotateAll(phoneIndex, stopping, async (context, after) =>
      this.told(context, phoneIndex, await this.reindex(context, Number(after ?? 0))),
    );
  }

  private async reindex(context: CommandContext, after: number): Promise<FieldPage> {
    const members = await this.phones.withoutNewestIndex(context.tx, after, fieldsPerPage);
    let rewritten = 0;
    for (const userId of members) {
      if (await this.phones.reindex(context, userId)) rewritten += 1;
    }
    const next = members.length < fieldsPerPage ? null : (members.at(-1) ?? null);
    return { rewritten, unreadable: members.length - rewritten, next };
  }

  private told(context: CommandContext, field: string, page: FieldPage): FieldPage {
    const { rewritten, unreadable } = page;
    const facts = { field, key_id: this.cipher.keyId, rewritten, unreadable };
    if (rewritten > 0) context.emit(EncryptedFieldsRotated, facts, { after: facts });
    return page;
  }
}
