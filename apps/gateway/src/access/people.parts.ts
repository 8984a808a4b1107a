import type { Provider, Type } from '@nestjs/common';
import { AuthController } from '../auth/auth.controller.js';
import { ConsoleAccountController } from '../auth/console-account.controller.js';
import { ConsoleController } from '../auth/console.controller.js';
import { ConsoleLoginClient } from '../auth/console-login.client.js';
import { SessionsController } from '../auth/sessions.controller.js';
import { StepUpController } from '../auth/step-up.controller.js';
import { SettingsController } from '../users/settings.controller.js';
import { RoleController } from './role.controller.js';

/** Sign-in, sessions, roles and settings over REST (U-11, U-13, U-14). */
export const peopleEndpoints: readonly Type[] = [
  AuthController,
  SessionsController,
  StepUpController,
  ConsoleController,
  ConsoleAccountController,
  RoleController,
  SettingsController,
];

export const peopleClients: readonly Provider[] = [ConsoleLoginClient];
