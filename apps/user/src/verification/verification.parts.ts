import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { AddressCheckService } from './address-check.service.js';
import { CanonicalAddressJob } from './canonical-address.job.js';
import { CodeQuotaService } from './code-quota.service.js';
import { CommunityMailbox, developmentForge } from './community-mailbox.source.js';
import type { DevelopmentForge } from './development-mail.sender.js';
import { DevelopmentMailService } from './development-mail.service.js';
import { EmailBlacklistService } from './email-blacklist.service.js';
import { EmailCodeService } from './email-code.service.js';
import { EmailBindingService } from './email-binding.service.js';
import { MailMemoryService } from './mail-memory.service.js';
import { MailboxDoorListener } from './mailbox-door.listener.js';
import { MailboxListener } from './mailbox.listener.js';
import { ParkedMailsService } from './parked-mails.service.js';
import { ReceivedMailSender } from './received-mail.sender.js';
import { VerificationCleanupJob } from './verification-cleanup.job.js';
import { VerificationMailService } from './verification-mail.service.js';
import { VerificationStartService } from './verification-start.service.js';
import { VerificationUndoService } from './verification-undo.service.js';
import { VerificationMetrics } from './verification.metrics.js';
import { WrongTriesService } from './wrong-tries.service.js';

/** What handles the messages of e-mail verification. */
export const verificationControllers: Type[] = [
  VerificationStartService,
  VerificationMailService,
  VerificationUndoService,
  EmailCodeService,
  EmailBlacklistService,
];

/** What they use, and what works by itself. The module that takes them exports `CommunityMailbox` for the embedded mode. */
export const verificationProviders: Provider[] = [
  VerificationMetrics,
  AddressCheckService,
  CodeQuotaService,
  WrongTriesService,
  MailMemoryService,
  EmailBindingService,
  CommunityMailbox,
  ReceivedMailSender,
  ParkedMailsService,
  MailboxListener,
  MailboxDoorListener,
  VerificationCleanupJob,
  CanonicalAddressJob,
];

/** What the embedded mode handles besides. */
export const developmentVerificationControllers: Type[] = [DevelopmentMailService];

@Module({})
class DevelopmentForgeModule {}

/**
 * Gives the embedded mode its forge: mails are signed with its keys, and every signature is checked against it instead of the
 * DNS. Imported beside the service's module.
 */
export function developmentForgeModule(forge: DevelopmentForge): DynamicModule {
  return {
    global: true,
    module: DevelopmentForgeModule,
    providers: [{ provide: developmentForge, useValue: forge }],
    exports: [developmentForge],
  };
}
