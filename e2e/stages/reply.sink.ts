import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { ReceivedReply } from './stage.types.js';

const mailsKept = 1_000;

/** A mail server that takes every mail and keeps it. */
export class ReplySink {
  private readonly mails: ReceivedReply[] = [];
  private readonly server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        this.keep(Buffer.concat(chunks), recipients).then(() => done(), done);
      });
    },
  });

  /** Listens on a free port; returns SMTP_URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve());
    });
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  to(address: string): ReceivedReply[] {
    return this.mails.filter(({ to }) => to === address);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async keep(raw: Buffer, recipients: readonly string[]): Promise<void> {
    const { subject = '', text = '' } = await PostalMime.parse(raw);
    for (const to of recipients) this.mails.push({ to, subject, text });
    this.mails.splice(0, this.mails.length - mailsKept);
  }
}
