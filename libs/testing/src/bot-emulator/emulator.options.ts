import type { SendingLimits } from './rate.limiter.js';

/** A mail from a member to the platform's mailbox. */
export interface EmulatedMail {
  from: string;
  subject: string;
  text: string;
}

/** A mail or a text message which the platform sent; `at` is an ISO 8601 time. */
export interface SentMail {
  /** Default: a mail. */
  kind?: 'sms';
  to: string;
  subject: string;
  text: string;
  html?: string;
  at: string;
}

/** The embedded mailbox shown beside the chat. */
export interface MailBridge {
  /** The address members mail their code to. */
  mailbox: string;
  send(mail: EmulatedMail): Promise<void>;
  /** The oldest first. */
  outbox(): Promise<SentMail[]>;
}

export interface BotEmulatorOptions {
  /** Only calls with this token are answered, all others get 401. */
  token: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Default `emulated_bot`. */
  botUsername?: string;
  /** Refuse calls above the sending limits with 429. Default true; breaches are recorded either way. */
  enforceLimits?: boolean;
  /** Overrides single limits. */
  limits?: Partial<SendingLimits>;
  /** Epoch milliseconds; default `Date.now`. */
  clock?: () => number;
  mail?: MailBridge;
  /** JSON file which keeps chats, members and pending updates over restarts. */
  stateFile?: string;
  /** First and longest pause before a failed webhook delivery is repeated; default 100 and 5,000 ms. */
  webhookRetry?: { initialMs: number; maximumMs: number };
  /** How long a callback query can be answered; default 60,000 ms. */
  callbackQueryTtlMs?: number;
}

/** Everything the emulator keeps is bounded by these. */
export const bounds = {
  messagesPerChat: 300,
  members: 200_000,
  pendingUpdates: 10_000,
  recordedCalls: 20_000,
  violations: 10_000,
  openQueries: 5_000,
  linksPerChat: 5_000,
  bodyBytes: 1_048_576,
  webhookReplyBytes: 65_536,
  eventStreams: 50,
  /** Updates are kept for one day, as at Telegram. */
  updateLifetimeMs: 86_400_000,
} as const;
