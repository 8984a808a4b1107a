import type { MailFailure } from './mail-error.rules.js';
import type { MailTransport, OutgoingMail } from './mail-transport.types.js';
import { OutboxFiles } from './outbox-file.store.js';

/** A mail of the embedded outbox; `at` is ISO 8601 UTC. */
export interface OutboxMail {
  readonly message_id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly at: string;
}

const mailsShown = 100;

/** The embedded stand-in for a mail server. */
export class MailOutboxClient implements MailTransport {
  private readonly files: OutboxFiles;

  constructor(directory: string) {
    this.files = new OutboxFiles(directory);
  }

  /** Named after the Message-ID: a mail that is sent again is there once. */
  async send(mail: OutgoingMail): Promise<MailFailure | null> {
    const { messageId, writtenAt, from, to, subject, text, html } = mail;
    const content: OutboxMail = { message_id: messageId, from, to, subject, text, html, at: writtenAt.toISOString() };
    try {
      await this.files.write(writtenAt, messageId.slice(1, messageId.indexOf('@')), content);
      return null;
    } catch (error) {
      return {
        responseCode: undefined,
        code: (error as { code?: string }).code,
        message: 'the outbox cannot be written',
      };
    }
  }

  /** Removes the mails to these addresses, and those with these Message-IDs. */
  async forget(addresses: readonly string[], messageIds: readonly string[]): Promise<void> {
    for (const name of await this.files.newestFirst()) {
      const mail = await this.files.read<OutboxMail>(name);
      if (mail === null) continue;
      if (addresses.includes(mail.to) || messageIds.includes(mail.message_id)) await this.files.remove(name);
    }
  }

  async close(): Promise<void> {}
}

/** The newest mails of the embedded outbox in `directory`, newest first; none while it does not exist. */
export function readMailOutbox(directory: string): Promise<OutboxMail[]> {
  return new OutboxFiles(directory).readNewest<OutboxMail>(mailsShown);
}
