import { z } from 'zod';
import { engineEnvironment, loadConfiguration, port, secret, termsEnvironment, urlOf } from '#config';

const count = (standard: number) => z.coerce.number().int().min(1).max(10_000_000).default(standard);

const schema = z.object({
  ...engineEnvironment,
  ...termsEnvironment,
  /** REST, Swagger, webhook. */
  PORT: port().default(3000),
  GATEWAY_METRICS_PORT: port().default(9100),
  /** Verifies access tokens; the same value as the service `user` has. */
  AUTH_SECRET: secret(32),
  /** Where people reach the platform; the webhook's address is made from it. */
  PUBLIC_URL: urlOf('http', 'https').default('http://127.0.0.1:3000'),
  /** How many proxies stand before the gateway; their last X-Forwarded-For entry is believed, and nothing else. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  RATE_LIMIT_PER_IP_PER_MINUTE: count(600),
  RATE_LIMIT_PER_USER_PER_MINUTE: count(300),
  /** Verification requests per IP and hour (U-08). */
  VERIFICATIONS_PER_IP_PER_HOUR: count(10),
  /** Sign-ins to the admin console, and passwords set by a token, per IP and hour (U-13). */
  CONSOLE_LOGINS_PER_IP_PER_HOUR: count(60),

  TELEGRAM_BOT_TOKEN: secret(10).optional(),
  TELEGRAM_API_ROOT: urlOf('http', 'https').default('https://api.telegram.org'),
  /** With it updates come by webhook; without it one replica polls. */
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,256}$/, 'must be 16 to 256 of A-Z a-z 0-9 _ -')
    .optional(),
  TELEGRAM_ADMIN_ID: z
    .string()
    .regex(/^[0-9]{1,20}$/, 'must be a Telegram id')
    .optional(),

  /** How often Telegram is asked where people in the rosters of groups are, and about how many at most; 0 asks never (U-12). */
  GROUP_SWEEP_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(60),
  GROUP_SWEEP_MEMBERS_PER_ROUND: z.coerce.number().int().min(0).max(1_000).default(100),

  /**
   * What the bot says about the grace of a deletion; the same value as the service `user` has, with the same bounds: longer than answers
   * to commands are remembered (8 days), for they may hold what is to be erased.
   */
  DELETION_GRACE_DAYS: z.coerce.number().int().min(9).max(365).default(30),

  /** Set by the embedded mode alone: development login and mails. */
  DEVELOPMENT_MODE: z.stringbool().default(false),
});

export type GatewaySettings = z.infer<typeof schema>;

export function readGatewaySettings(environment?: NodeJS.ProcessEnv): GatewaySettings {
  return loadConfiguration(schema, environment);
}
