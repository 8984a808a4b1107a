import { OutboxFiles } from './outbox-file.store.js';
import type { OutgoingSms, SmsFailure, SmsTransport } from './sms-transport.types.js';

/** A text message of the embedded outbox; `at` is ISO 8601 UTC. */
export interface OutboxSms {
  readonly to: string;
  readonly text: string;
  readonly at: string;
}

const shownAtMost = 100;

/** The embedded stand-in for an SMS provider, shown on the chat page. */
export class SmsOutboxClient implements SmsTransport {
  private readonly files: OutboxFiles;

  constructor(directory: string) {
    this.files = new OutboxFiles(directory);
  }

  async send({ id, to, text, writtenAt }: OutgoingSms): Promise<SmsFailure | null> {
    const content: OutboxSms = { to, text, at: writtenAt.toISOString() };
    try {
      await this.files.write(writtenAt, id, content);
      return null;
    } catch {
      return { status: null, retryAfterSeconds: null, message: 'the outbox cannot be written' };
    }
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const name of await this.files.newestFirst()) {
      if (ids.some((id) => name.endsWith(`-${id}.json`))) await this.files.remove(name);
    }
  }
}

/** The newest messages of the embedded outbox in `directory`, newest first; none while it does not exist. */
export function readSmsOutbox(directory: string): Promise<OutboxSms[]> {
  return new OutboxFiles(directory).readNewest<OutboxSms>(shownAtMost);
}
