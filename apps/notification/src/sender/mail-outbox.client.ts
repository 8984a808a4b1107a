import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailFailure } from './mail-error.rules.js';
import type { MailTransport, OutgoingMail } from './mail-transport.types.js';

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

const filesKept = 500;
const mailsShown = 100;

/** The embedded stand-in for a mail server: one JSON file per mail, written whole or not at all. */
export class MailOutboxClient implements MailTransport {
  constructor(private readonly directory: string) {}

  /** The same Message-ID is the same file: a mail that is sent again is there once. */
  async send(mail: OutgoingMail): Promise<MailFailure | null> {
    const { messageId, writtenAt, from, to, subject, text, html } = mail;
    const content: OutboxMail = { message_id: messageId, from, to, subject, text, html, at: writtenAt.toISOString() };
    const name = `${writtenAt.getTime()}-${messageId.slice(1, messageId.indexOf('@'))}.json`;
    const file = join(this.directory, name);
    try {
      await mkdir(this.directory, { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(content, null, 2));
      await rename(`${file}.new`, file);
      await this.forgetOldest();
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
    for (const name of await mailFiles(this.directory)) {
      const file = join(this.directory, name);
      const text = await readFile(file, 'utf8').catch(() => null);
      if (text === null) continue;
      const { to, message_id } = JSON.parse(text) as OutboxMail;
      if (addresses.includes(to) || messageIds.includes(message_id)) await rm(file, { force: true });
    }
  }

  async close(): Promise<void> {}

  private async forgetOldest(): Promise<void> {
    const names = await mailFiles(this.directory);
    for (const name of names.slice(filesKept)) await rm(join(this.directory, name), { force: true });
  }
}

/** The newest mails of the embedded outbox in `directory`, newest first; none while it does not exist. */
export async function readMailOutbox(directory: string): Promise<OutboxMail[]> {
  const names = (await mailFiles(directory)).slice(0, mailsShown);
  const mails = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8').catch(() => null)));
  return mails.filter((text) => text !== null).map((text) => JSON.parse(text) as OutboxMail);
}

async function mailFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse();
}
