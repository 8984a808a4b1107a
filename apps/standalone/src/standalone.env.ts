import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port } from '#config';

const schema = z.object({
  ...engineEnvironment,
  PORT: port().default(3000),
  /** The chat page and the Bot API emulator behind it. */
  CHAT_PORT: port().default(3001),
  TELEGRAM_BOT_TOKEN: z.string().optional(),
  VERIFY_MAILBOX: z.email().max(128).default('verify@coser.local'),
});

export type StandaloneSettings = z.infer<typeof schema>;

export function readStandaloneSettings(environment?: NodeJS.ProcessEnv): StandaloneSettings {
  return loadConfiguration(schema, environment);
}

/** What the process was started with; the services read their own variables from it. */
export const processEnvironment: NodeJS.ProcessEnv = process.env;
