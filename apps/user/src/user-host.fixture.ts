import { SignInForDevelopment, type Role } from '#contracts';
import type { DatabaseEngine } from '#testing/engines';
import { MailForge } from '#testing/mail-forge';
import { callOf, ServiceHost } from '#testing/service.host';
import { developmentUserService } from './user.module.js';

/** Who has not signed in. */
export const visitor = callOf({ kind: 'visitor' });

/** The user service with the development login, as its suites want it. */
export function startUserHost(engine: DatabaseEngine, environment: NodeJS.ProcessEnv = {}): Promise<ServiceHost> {
  return ServiceHost.start(developmentUserService(new MailForge({ domains: 'any' })), engine, {
    AUTH_SECRET: 'x'.repeat(40),
    DEVELOPMENT_MODE: 'true',
    ...environment,
  });
}

/** The account of somebody who signs in with the development login. */
export async function personOf(host: ServiceHost, telegramId: string, role: Role = 'member'): Promise<number> {
  const person = { telegram_id: telegramId, first_name: `P${telegramId}`, role };
  return (await host.client.command(SignInForDevelopment, person, visitor)).user.id;
}
