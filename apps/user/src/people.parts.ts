import type { Provider, Type } from '@nestjs/common';
import type { EntityClass, MigrationClass } from '#database';
import { AccessPolicyService } from './access/access-policy.service.js';
import { accessEntities } from './access/access.entity.js';
import { AccessSeeder } from './access/access.seeder.js';
import { UserRoleService } from './access/user-role.service.js';
import { ConsoleAccountService } from './console/console-account.service.js';
import { ConsoleCredentialService } from './console/console-credential.service.js';
import { ConsoleLoginService } from './console/console-login.service.js';
import { ConsoleSecretIssuer } from './console/console-secret.issuer.js';
import { ConsoleStepUpService } from './console/console-step-up.service.js';
import { consoleEntities } from './console/console.entity.js';
import { PasswordWorker } from './console/password.worker.js';
import { SecondFactorInspector } from './console/second-factor.inspector.js';
import { ConsoleAccounts1700000001030 } from './migrations/1700000001030-console-accounts.js';
import { RolesAndPermissions1700000001000 } from './migrations/1700000001000-roles-and-permissions.js';
import { UserSettings1700000001010 } from './migrations/1700000001010-user-settings.js';
import { SessionDetailsAndStepUps1700000001020 } from './migrations/1700000001020-session-details-and-step-ups.js';
import { RefreshService } from './session/refresh.service.js';
import { SessionListService } from './session/session-list.service.js';
import { sessionEntities } from './session/session.entity.js';
import { SessionOpeningService } from './session/session-opening.service.js';
import { SessionService } from './session/session.service.js';
import { StepUpService } from './session/step-up.service.js';
import { TokenIssuer } from './session/token.issuer.js';
import { UserSettingsEntity } from './settings/settings.entity.js';
import { SettingsService } from './settings/settings.service.js';
import { SettingsWriter } from './settings/settings.writer.js';

/** Roles, settings and sessions: what handles messages (U-11, U-13, U-14). */
export const peopleControllers: readonly Type[] = [
  AccessPolicyService,
  UserRoleService,
  SettingsService,
  SessionService,
  RefreshService,
  SessionListService,
  StepUpService,
  ConsoleAccountService,
  ConsoleLoginService,
  ConsoleCredentialService,
];

export const peopleProviders: readonly Provider[] = [
  ConsoleSecretIssuer,
  ConsoleStepUpService,
  PasswordWorker,
  SecondFactorInspector,
  AccessSeeder,
  SettingsWriter,
  SessionOpeningService,
  TokenIssuer,
];

export const peopleEntities: readonly EntityClass[] = [
  ...sessionEntities,
  ...accessEntities,
  ...consoleEntities,
  UserSettingsEntity,
];

export const peopleMigrations: readonly MigrationClass[] = [
  RolesAndPermissions1700000001000,
  UserSettings1700000001010,
  SessionDetailsAndStepUps1700000001020,
  ConsoleAccounts1700000001030,
];
