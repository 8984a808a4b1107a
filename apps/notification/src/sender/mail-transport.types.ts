import type { MailFailure } from './mail-error.rules.js';

/** A finished mail. */
export interface OutgoingMail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly writtenAt: Date;
}

/** The two ways a mail can go. */
export interface MailTransport {
  /** Null when the mail was taken over, else why not. Never rejects. */
  send(mail: OutgoingMail): Promise<MailFailure | null>;
  /** Only where sent mails are kept. */
  forget?(addresses: readonly string[], messageIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
