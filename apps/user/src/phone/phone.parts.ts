import type { Provider, Type } from '@nestjs/common';
import { archiveOpener } from '#service';
import { PhoneArchiveService } from './phone-archive.service.js';
import { PhoneBindingService } from './phone-binding.service.js';
import { PhoneContactService } from './phone-contact.service.js';
import { PhoneMetrics } from './phone.metrics.js';
import { PhoneVerificationService } from './phone-verification.service.js';

/** What handles the messages of phone binding (U-10). */
export const phoneControllers: Type[] = [PhoneVerificationService, PhoneContactService];

/** What they use. */
export const phoneProviders: Provider[] = [
  PhoneBindingService,
  PhoneMetrics,
  { provide: archiveOpener, useClass: PhoneArchiveService },
];
