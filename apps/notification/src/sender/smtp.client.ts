import { createTransport, type Transporter } from 'nodemailer';
import type { MailFailure } from './mail-error.rules.js';
import type { MailTransport, OutgoingMail } from './mail-transport.types.js';

const connections = 3;
/** Connecting, greeting and a whole mail together stay below the time a claim lasts. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 20_000, socketTimeout: 30_000, dnsTimeout: 10_000 };
const mailTimeoutMs = 90_000;

/** Hands mails to an SMTP server over a few connections that are kept open. */
export class SmtpClient implements MailTransport {
  private readonly transporter: Transporter;

  constructor(url: string) {
    const pool = { pool: true as const, maxConnections: connections, maxMessages: 100 };
    const closed = { disableFileAccess: true, disableUrlAccess: true };
    this.transporter = createTransport({ url, ...pool, ...timeouts, ...closed, requireTLS: mustEncrypt(new URL(url)) });
  }

  async send(mail: OutgoingMail): Promise<MailFailure | null> {
    try {
      await inTime(
        this.transporter.sendMail({
          messageId: mail.messageId,
          from: mail.from,
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          date: mail.writtenAt,
          // Written by a machine: nothing may answer it by itself.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        }),
      );
      return null;
    } catch (error) {
      const { responseCode, code, response, message } = error as Partial<MailFailure> & { response?: string };
      return { responseCode, code, message: response?.replace(/^[0-9]{3}[ -]/, '') ?? message ?? 'failed' };
    }
  }

  async close(): Promise<void> {
    this.transporter.close();
  }
}

/** A password never crosses a network in the clear, even if somebody cuts STARTTLS out of the server's greeting. */
function mustEncrypt({ protocol, username, hostname }: URL): boolean {
  return protocol === 'smtp:' && username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('not in time'), { code: 'ETIMEDOUT' })), mailTimeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
