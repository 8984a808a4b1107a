import { ImapFlow } from 'imapflow';
import type { MailboxObject } from 'imapflow';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapAddress } from './imap-url.rules.js';
import { firstReadAgeMs } from './mail-source.types.js';
import type { MailCursor, MailSourceRun, ReceivedMail } from './mail-source.types.js';
import type { SourceProgress } from './mailbox-retry.worker.js';

export interface ImapTimes {
  /** The mailbox is looked through this often, whatever the server announces. */
  pollIntervalMs: number;
  /** A waiting connection is probed this often. */
  watchdogIntervalMs: number;
  /** A command without an answer for so long means a dead connection. */
  commandTimeoutMs: number;
}

/** Mails whose sizes and dates are asked for in one command. */
const batchSize = 50;

/** One connection to the mailbox, from login until it fails or the run is aborted. */
export class ImapMailboxClient {
  private readonly client: ImapFlow;
  private failure: Error | null = null;
  /** Rejects the command that waits for its answer. A promise of the loss would keep every answer in memory that raced it. */
  private failCommand: (error: Error) => void = () => undefined;
  private readonly positions = new Map<string, MailCursor>();
  private news = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly address: ImapAddress,
    private readonly times: ImapTimes,
    private readonly maxBytes: number,
    private readonly source: MailSourceRun,
  ) {
    this.client = new ImapFlow({
      host: address.host,
      port: address.port,
      secure: address.secure,
      auth: { user: address.user, pass: address.password },
      logger: false,
      disableAutoIdle: true,
      connectionTimeout: times.commandTimeoutMs,
      greetingTimeout: times.commandTimeoutMs,
      maxLiteralSize: maxBytes + 65_536,
    });
    this.client.on('error', (error) => this.fail(error));
    this.client.on('close', () => this.fail(new Error('the mail server closed the connection')));
    this.client.on('exists', () => {
      this.news = true;
      this.wake();
    });
  }

  /** Reads what is there and then whatever comes. Rejects when the connection or a handler fails. */
  async run(progress: SourceProgress): Promise<void> {
    const { signal } = this.source;
    const close = () => this.client.close();
    signal.addEventListener('abort', close);
    try {
      await this.command(() => this.client.connect());
      while (!signal.aborted) {
        await this.look(this.address.folder, progress);
        await this.lookIntoJunk();
        // The server announces news of the open folder only, so the main folder is opened last and looked at once more.
        await this.look(this.address.folder, progress);
        progress.onDone();
        await this.waitForNews();
      }
    } finally {
      signal.removeEventListener('abort', close);
      this.client.close();
    }
  }

  /** IDLE is a hint only: the wait ends after the poll interval in any case, and the connection is probed meanwhile. */
  private async waitForNews(): Promise<void> {
    const until = performance.now() + this.times.pollIntervalMs;
    while (!this.news && !this.source.signal.aborted) {
      const remaining = until - performance.now();
      if (remaining <= 0) return;
      // Ends by itself when the next command is sent; how it ends tells nothing that the connection's end does not tell.
      void this.client.idle().catch(() => undefined);
      await this.sleep(Math.min(remaining, this.times.watchdogIntervalMs));
      if (!this.news) await this.command(() => this.client.noop());
    }
  }

  private async lookIntoJunk(): Promise<void> {
    const folders = await this.command(() => this.client.list());
    const junk = folders.find((folder) => folder.specialUse === '\\Junk' && folder.path !== this.address.folder);
    if (!junk) return;
    try {
      await this.look(junk.path);
    } catch (error) {
      // A folder that cannot be opened (deleted meanwhile) must not make the main folder deaf.
      if ((error as { responseStatus?: string }).responseStatus !== 'NO') throw error;
    }
  }

  private async look(folder: string, progress?: SourceProgress): Promise<void> {
    const mailbox = await this.command(() => this.client.mailboxOpen(folder, { readOnly: true }));
    progress?.onUp();
    this.news = false;
    const uidValidity = String(mailbox.uidValidity);
    const known = this.positions.get(folder) ?? (await this.source.loadCursor(folder));
    const uids = known
      ? await this.uidsAfter(known.uidValidity === uidValidity ? known.lastUid : 0)
      : await this.recentUids();
    const lastUid = known ? (known.uidValidity === uidValidity ? known.lastUid : 0) : this.beforeFirst(uids, mailbox);
    this.positions.set(folder, { folder, uidValidity, lastUid });
    for (let start = 0; start < uids.length; start += batchSize) {
      await this.readBatch(folder, uidValidity, uids.slice(start, start + batchSize), known === null);
    }
  }

  /** Where a folder that was never read starts: before the first mail that is read, or at its end when there is none. */
  private beforeFirst(uids: readonly number[], mailbox: MailboxObject): number {
    return uids[0] === undefined ? mailbox.uidNext - 1 : uids[0] - 1;
  }

  private async uidsAfter(lastUid: number): Promise<number[]> {
    // `*` names the last mail even when its UID is below the start of the range.
    return (await this.search({ uid: `${lastUid + 1}:*` })).filter((uid) => uid > lastUid);
  }

  private async recentUids(): Promise<number[]> {
    // SINCE knows days of the server's calendar only; the exact age is looked at mail by mail.
    return this.search({ since: new Date(Date.now() - 2 * firstReadAgeMs) });
  }

  private async search(query: { uid: string } | { since: Date }): Promise<number[]> {
    const found = await this.command(() => this.client.search(query, { uid: true }));
    if (!found) throw new Error('the mail server refused a search');
    return found.sort((one, other) => one - other);
  }

  private async readBatch(
    folder: string,
    uidValidity: string,
    uids: readonly number[],
    recentOnly: boolean,
  ): Promise<void> {
    const listed = await this.command(() =>
      this.client.fetchAll(uids.join(','), { uid: true, size: true, internalDate: true }, { uid: true }),
    );
    for (const { uid, size, internalDate } of listed.sort((one, other) => one.uid - other.uid)) {
      if (this.source.signal.aborted) return;
      const receivedAt = new Date(internalDate ?? Date.now());
      if (!recentOnly || Date.now() - receivedAt.getTime() <= firstReadAgeMs) {
        const content = await this.fetch(uid, (size ?? 0) > this.maxBytes);
        if (content) await this.source.handle({ uid, uidValidity, folder, receivedAt, ...content });
      }
      this.positions.set(folder, { folder, uidValidity, lastUid: uid });
    }
  }

  /** Null when the mail was deleted meanwhile. Never more than `maxBytes` travel, whatever size the server told. */
  private async fetch(uid: number, knownTooLarge: boolean): Promise<Pick<ReceivedMail, 'raw' | 'tooLarge'> | null> {
    const maxLength = knownTooLarge ? Math.min(65_536, this.maxBytes) : this.maxBytes + 1;
    const mail = await this.command(() =>
      this.client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength } }, { uid: true }),
    );
    if (!mail || !mail.source) return null;
    if (!knownTooLarge && mail.source.length <= this.maxBytes) return { raw: mail.source };
    const end = mail.source.indexOf('\r\n\r\n');
    return { raw: end < 0 ? mail.source : mail.source.subarray(0, end + 4), tooLarge: true };
  }

  /** Until news, the end of the connection, or so long. */
  private async sleep(longestMs: number): Promise<void> {
    const stop = new AbortController();
    this.wake = () => stop.abort();
    if (this.news || this.failure) stop.abort();
    await pause(longestMs, undefined, { signal: stop.signal }).catch(() => undefined);
    this.wake = () => undefined;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.failCommand(this.failure);
    this.wake();
  }

  /** A command's answer, or an error when the connection is gone or silent. One command at a time. */
  private async command<T>(send: () => Promise<T>): Promise<T> {
    if (this.failure) throw this.failure;
    return new Promise<T>((resolve, reject) => {
      const silence = setTimeout(
        () => reject(new Error('the mail server does not answer')),
        this.times.commandTimeoutMs,
      );
      this.failCommand = reject;
      send()
        .then(resolve, reject)
        .finally(() => clearTimeout(silence));
    });
  }
}
