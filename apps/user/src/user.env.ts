import { z } from 'zod';
import { engineEnvironment, loadConfiguration, optionalNumber, port, secret, termsEnvironment, urlOf } from '#config';
import { encryptionEnvironment } from '#encryption';

const schema = z.object({
  ...engineEnvironment,
  ...encryptionEnvironment,
  ...termsEnvironment,
  USER_METRICS_PORT: port().default(9101),
  /** Signs access tokens; its derived keys hash codes and refresh tokens. */
  AUTH_SECRET: secret(32),
  /** The community mailbox's account; unset means the embedded mailbox. */
  IMAP_URL: urlOf('imap', 'imaps').optional(),
  /** The address members mail their code to. */
  VERIFY_MAILBOX: z.email().max(128).default('verify@coser.local'),
  /** The authserv-id the mailbox's provider writes into Authentication-Results; without it no mail is believed. */
  MAIL_AUTHSERV_ID: z.string().max(255).optional(),
  /** Name servers (`address:port`, separated by commas) for DKIM keys and DMARC policies; unset means the system's. */
  MAIL_DNS_SERVERS: z
    .string()
    .regex(/^[0-9a-fA-F.:[\],]{1,512}$/, 'must be addresses separated by commas')
    .transform((text) => text.split(','))
    .optional(),
  /** Port of the embedded mailbox's SMTP server; unset means none. */
  SMTP_SINK_PORT: optionalNumber,
  TELEGRAM_BOT_TOKEN: secret(10).optional(),
  /** Becomes super_admin at the first contact (U-13). */
  TELEGRAM_ADMIN_ID: z
    .string()
    .regex(/^[0-9]{1,20}$/, 'must be a Telegram id')
    .optional(),
  /**
   * How long a deleted account can be restored (U-15). Longer than answers to commands are remembered (8 days): they
   * may hold what is to be erased.
   */
  DELETION_GRACE_DAYS: z.coerce.number().int().min(9).max(365).default(30),
  /** How often it is looked which deletions are due. */
  ERASURE_INTERVAL_MS: z.coerce.number().int().min(100).max(86_400_000).default(30_000),
  /** After how long Telegram is asked again where somebody in the roster of a group is (U-12). */
  GROUP_SWEEP_RECHECK_HOURS: z.coerce.number().int().min(1).max(48).default(24),
  PUBLIC_URL: urlOf('http', 'https').default('http://127.0.0.1:3000'),
  /** Set by the embedded mode alone: development login and mails. */
  DEVELOPMENT_MODE: z.stringbool().default(false),
});

export type UserSettings = z.infer<typeof schema>;

export function readUserSettings(environment?: NodeJS.ProcessEnv): UserSettings {
  return loadConfiguration(schema, environment);
}
