import { Module, type DynamicModule } from '@nestjs/common';
import type { ServiceDefinition } from '#service';
import { AuditRecorder } from './audit/audit.recorder.js';
import { AuditSearchService } from './audit/audit-search.service.js';
import { auditStoreProvider } from './audit/audit-store.parts.js';
import { communityEntities } from './community/community.entity.js';
import { communityControllers } from './community/community.parts.js';
import { groupEntities } from './groups/group.entity.js';
import { groupControllers, groupProviders } from './groups/group.parts.js';
import { ContactService } from './identity/contact.service.js';
import { UserEntity } from './identity/user.entity.js';
import { UserProjectionService } from './identity/user-projection.service.js';
import { UserSearchService } from './identity/user-search.service.js';
import { UserService } from './identity/user.service.js';
import { Community1700000001330 } from './migrations/1700000001330-community.js';
import { KeyRotationJob } from './encryption/key-rotation.job.js';
import { EmailVerification1700000000210 } from './migrations/1700000000210-email-verification.js';
import { Privacy1700000001310 } from './migrations/1700000001310-privacy.js';
import { Groups1700000001200 } from './migrations/1700000001200-groups.js';
import { RosterChecks1790000000041 } from './migrations/1790000000041-roster-checks.js';
import { Phones1700000001100 } from './migrations/1700000001100-phones.js';
import { EmailCodesAndBlacklist1700000001110 } from './migrations/1700000001110-email-codes-and-blacklist.js';
import { UsersAndSessions1700000000200 } from './migrations/1700000000200-users-and-sessions.js';
import { UserSearch1700000001700 } from './migrations/1700000001700-user-search.js';
import { NamedPermissions1700000001800 } from './migrations/1700000001800-named-permissions.js';
import { privacyEntities } from './privacy/privacy.entity.js';
import { privacyControllers, privacyProviders } from './privacy/privacy.parts.js';
import { peopleControllers, peopleEntities, peopleMigrations, peopleProviders } from './people.parts.js';
import { userPersonalData } from './personal.data.js';
import { phoneEntities } from './phone/phone.entity.js';
import { phoneControllers, phoneProviders } from './phone/phone.parts.js';
import { DevelopmentSessionService } from './session/development-session.service.js';
import { SessionOpeningService } from './session/session-opening.service.js';
import { readUserSettings, type UserSettings } from './user.env.js';
import { CommunityMailbox } from './verification/community-mailbox.source.js';
import type { DevelopmentForge } from './verification/development-mail.sender.js';
import { verificationEntities } from './verification/verification.entity.js';
import {
  developmentForgeModule,
  developmentVerificationControllers,
  verificationControllers,
  verificationProviders,
} from './verification/verification.parts.js';

/** The service `user`: identity, sessions, e-mail verification, audit search. */
@Module({
  controllers: [
    UserService,
    UserSearchService,
    UserProjectionService,
    ...peopleControllers,
    AuditSearchService,
    ...communityControllers,
    ...privacyControllers,
    ...verificationControllers,
    ...phoneControllers,
    ...groupControllers,
  ],
  providers: [
    ContactService,
    ...peopleProviders,
    auditStoreProvider,
    AuditRecorder,
    ...privacyProviders,
    ...verificationProviders,
    ...phoneProviders,
    KeyRotationJob,
    ...groupProviders,
  ],
  exports: [SessionOpeningService, CommunityMailbox],
})
export class UserModule {}

/** What the embedded mode adds: signing in as anybody, and mails that carry the signatures of an honest mail server. */
@Module({})
class DevelopmentUserModule {
  static with(forge: DevelopmentForge): DynamicModule {
    return {
      module: DevelopmentUserModule,
      imports: [developmentForgeModule(forge), UserModule],
      controllers: [DevelopmentSessionService, ...developmentVerificationControllers],
    };
  }
}

export const userService: ServiceDefinition<UserSettings> = {
  name: 'user',
  module: UserModule,
  readSettings: readUserSettings,
  tables: {
    entities: [
      UserEntity,
      ...peopleEntities,
      ...communityEntities,
      ...privacyEntities,
      ...verificationEntities,
      ...phoneEntities,
      ...groupEntities,
    ],
    migrations: [
      UsersAndSessions1700000000200,
      EmailVerification1700000000210,
      Phones1700000001100,
      EmailCodesAndBlacklist1700000001110,
      ...peopleMigrations,
      Groups1700000001200,
      Privacy1700000001310,
      Community1700000001330,
      UserSearch1700000001700,
      NamedPermissions1700000001800,
      RosterChecks1790000000041,
    ],
  },
  eventQueue: 'events.user',
  personalData: userPersonalData,
  operationsPort: (settings) => settings.USER_METRICS_PORT,
};

/** The same service as the embedded mode runs it. */
export function developmentUserService(forge: DevelopmentForge): ServiceDefinition<UserSettings> {
  return { ...userService, module: DevelopmentUserModule.with(forge) };
}
