import { ExportUserData } from '#contracts';
import { dataArchiveOf } from '#service';
import { TelegramIdentity } from '../identity/telegram-identity.issuer.js';
import { userPersonalData } from '../personal.data.js';
import { StatusService } from '../status/status.service.js';
import { StatusWriter } from '../status/status.writer.js';
import { DataExportService } from './data-export.service.js';
import { DeletionService } from './deletion.service.js';
import { ErasureJob } from './erasure.job.js';
import { ErasureReportService, ErasureSteps } from './erasure.service.js';
import { TermsService } from './terms.service.js';

/** Status, deletion, erasure, archive, terms (U-01, U-15). */
export const privacyControllers = [
  StatusService,
  DeletionService,
  DataExportService,
  TermsService,
  ErasureReportService,
  dataArchiveOf(ExportUserData, userPersonalData),
];
export const privacyProviders = [StatusWriter, TelegramIdentity, ErasureSteps, ErasureJob];
