import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutgoingSms, SmsFailure, SmsTransport } from './sms-transport.types.js';

/** A text message of the embedded outbox; `at` is ISO 8601 UTC. */
export interface OutboxSms {
  readonly to: string;
  readonly text: string;
  readonly at: string;
}

const filesKept = 500;
const shownAtMost = 100;

/** The embedded stand-in for an SMS provider: one JSON file per message, shown on the chat page. */
export class SmsOutboxClient implements SmsTransport {
  constructor(private readonly directory: string) {}

  /** The same id is the same file: a message that is sent again is there once. */
  async send({ id, to, text, writtenAt }: OutgoingSms): Promise<SmsFailure | null> {
    const content: OutboxSms = { to, text, at: writtenAt.toISOString() };
    const file = join(this.directory, `${writtenAt.getTime()}-${id}.json`);
    try {
      await mkdir(this.directory, { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
      await rename(`${file}.new`, file);
      for (const name of (await newestFirst(this.directory)).slice(filesKept)) {
        await rm(join(this.directory, name), { force: true });
      }
      return null;
    } catch {
      return { status: null, retryAfterSeconds: null, message: 'the outbox cannot be written' };
    }
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const name of await newestFirst(this.directory)) {
      if (ids.some((id) => name.endsWith(`-${id}.json`))) await rm(join(this.directory, name), { force: true });
    }
  }
}

/** The newest messages of the embedded outbox in `directory`, newest first; none while it does not exist. */
export async function readSmsOutbox(directory: string): Promise<OutboxSms[]> {
  const names = (await newestFirst(directory)).slice(0, shownAtMost);
  const files = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8').catch(() => null)));
  return files.filter((text) => text !== null).map((text) => JSON.parse(text) as OutboxSms);
}

async function newestFirst(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [] as string[]);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse();
}
