import { Module } from '@nestjs/common';
import { TextsModule } from '#i18n';
import { DataArchiveClient } from './data-archive.client.js';
import { DeletionController } from './deletion.controller.js';
import { DataExportController } from './data-export.controller.js';
import { TermsController } from './terms.controller.js';

/** A member's own data: archive, deletion, terms (U-15). */
@Module({
  imports: [TextsModule],
  controllers: [DataExportController, DeletionController, TermsController],
  providers: [DataArchiveClient],
  exports: [DataArchiveClient],
})
export class PrivacyModule {}
