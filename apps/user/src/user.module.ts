import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '#service';
import { AuditRecorder } from './audit/audit.recorder.js';
import { AuditSearchService } from './audit/audit-search.service.js';
import { auditStoreProvider } from './audit/audit.store.provider.js';
import { ContactService } from './identity/contact.service.js';
import { UserEntity } from './identity/user.entity.js';
import { UserProjectionService } from './identity/user-projection.service.js';
import { UserService } from './identity/user.service.js';
import { UsersAndSessions1700000000200 } from './migrations/1700000000200-users-and-sessions.js';
import { DevelopmentSessionService } from './session/development-session.service.js';
import { RefreshTokenEntity, SessionEntity } from './session/session.entity.js';
import { SessionOpeningService } from './session/session-opening.service.js';
import { SessionService } from './session/session.service.js';
import { TokenIssuer } from './session/token.issuer.js';
import { readUserSettings, type UserSettings } from './user.env.js';

/** The service `user`: identity, sessions, e-mail verification, audit search. */
@Module({
  controllers: [UserService, UserProjectionService, SessionService, AuditSearchService],
  providers: [ContactService, SessionOpeningService, TokenIssuer, auditStoreProvider, AuditRecorder],
  exports: [SessionOpeningService],
})
export class UserModule {}

/** What the embedded mode adds: signing in as anybody. */
@Module({ imports: [UserModule], controllers: [DevelopmentSessionService] })
export class DevelopmentUserModule {}

export const userService: ServiceDefinition<UserSettings> = {
  name: 'user',
  module: UserModule,
  readSettings: readUserSettings,
  tables: {
    entities: [UserEntity, SessionEntity, RefreshTokenEntity],
    migrations: [UsersAndSessions1700000000200],
  },
  eventQueue: 'events.user',
  operationsPort: (settings) => settings.USER_METRICS_PORT,
};

/** The same service as the embedded mode runs it. */
export const developmentUserService: ServiceDefinition<UserSettings> = {
  ...userService,
  module: DevelopmentUserModule,
};
