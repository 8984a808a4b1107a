import { z } from 'zod';
import { engineEnvironment, loadConfiguration, optionalNumber, port, urlOf } from '#config';
import { localeSchema } from '#contracts';
import { encryptionEnvironment } from '#encryption';
import { smsEnvironment } from './sms.env.js';

/** The shape of a token as @BotFather gives it; the message never shows it. */
const botToken = z.string().regex(/^[0-9]{1,16}:[A-Za-z0-9_-]{8,128}$/, 'must be a bot token like 123:abc');
const mailAddress = z
  .string()
  .max(320)
  .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be a mail address');
const messagesPerSecond = z
  .string()
  .regex(/^[1-9][0-9]{0,3}$/, 'must be a whole number, 1 to 9999')
  .transform(Number);

const schema = z.object({
  ...engineEnvironment,
  ...encryptionEnvironment,
  ...smsEnvironment,
  NOTIFICATION_METRICS_PORT: port().default(9104),
  /** Unset: Telegram deliveries wait until there is one. */
  TELEGRAM_BOT_TOKEN: botToken.optional(),
  TELEGRAM_API_ROOT: urlOf('http', 'https').default('https://api.telegram.org'),
  /** Below Telegram's 30, because the bot's own answers count too. */
  TELEGRAM_MESSAGES_PER_SECOND: messagesPerSecond.default(25),
  /** The group that operation log lines go to (B-05); the bot must be in it. Unset: none, and alarms go to TELEGRAM_ADMIN_ID. */
  LOG_CHAT_ID: z
    .string()
    .regex(/^-?[0-9]{1,20}$/, 'must be a chat id')
    .optional(),
  /** The topic of that group (`message_thread_id`); unset: the group itself. */
  LOG_TOPIC_ID: optionalNumber,
  LOG_LOCALE: localeSchema.default('en'),
  TELEGRAM_ADMIN_ID: z
    .string()
    .regex(/^[0-9]{1,20}$/, 'must be a Telegram id')
    .optional(),
  /** `smtp(s)://user:password@host:port`; unset: mails are written into `DATA_DIR/mail-outbox`. */
  SMTP_URL: urlOf('smtp', 'smtps').optional(),
  /** The sender of our mails; unset: the SMTP account, else the mailbox of the verification. */
  MAIL_FROM: mailAddress.optional(),
  VERIFY_MAILBOX: mailAddress.optional(),
  /** Where members reach the platform; links in mails begin with it. */
  PUBLIC_URL: urlOf('http', 'https').default('http://127.0.0.1:3000'),
});

export type NotificationSettings = z.infer<typeof schema>;

export function readNotificationSettings(environment?: NodeJS.ProcessEnv): NotificationSettings {
  return loadConfiguration(schema, environment);
}
