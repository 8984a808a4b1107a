import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { watch, type FSWatcher } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keepTrying } from './mailbox-retry.worker.js';
import type { SourceProgress } from './mailbox-retry.worker.js';
import { firstReadAgeMs } from './mail-source.types.js';
import type { MailSource, MailSourceRun, ReceivedMail } from './mail-source.types.js';

export interface EmbeddedMailboxOptions {
  /** Where the mails lie, one file each; made when it is missing. */
  directory: string;
  /** How often files that another process added are looked for, should the system not tell of them. Default 1 s. */
  pollIntervalMs?: number;
  /** Octets of the largest mail that is read whole. Default 1 MiB. */
  maxBytes?: number;
  /** Mails that are kept; the oldest go first. Default 2,000. */
  maxMails?: number;
  retry?: { firstMs: number; maxMs: number };
}

const mailFile = /^(\d{10})\.eml$/;
const headBytes = 65_536;
const halfFileAgeMs = 3_600_000;

/**
 * The mailbox of the embedded mode: a directory of raw mails named by their UID. A mail is written aside and linked into
 * place, so a killed process leaves whole mails only, and two processes never take the same UID.
 */
export class EmbeddedMailbox implements MailSource {
  static readonly folder = 'INBOX';
  private readonly appended = new EventEmitter();
  private readonly maxBytes: number;
  private readonly maxMails: number;

  constructor(private readonly options: EmbeddedMailboxOptions) {
    this.maxBytes = options.maxBytes ?? 1_048_576;
    this.maxMails = options.maxMails ?? 2_000;
    this.appended.setMaxListeners(0);
  }

  /** Stores a mail durably and wakes the reader at once. Returns its UID. */
  async append(raw: Buffer): Promise<number> {
    await mkdir(this.options.directory, { recursive: true });
    const aside = this.path(`${randomUUID()}.tmp`);
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(raw);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      const uid = await this.place(aside);
      this.appended.emit('mail');
      await this.prune();
      return uid;
    } finally {
      await rm(aside, { force: true });
    }
  }

  async run(run: MailSourceRun): Promise<void> {
    await keepTrying(run, this.options.retry ?? { firstMs: 200, maxMs: 10_000 }, async (progress) => {
      await mkdir(this.options.directory, { recursive: true });
      const hints = this.watchForOthers();
      try {
        await this.read(run, progress);
      } finally {
        hints?.close();
      }
    });
  }

  /** Tells of mails that another process has added. A hint, as IDLE is one: where there is none, the next look finds them. */
  private watchForOthers(): FSWatcher | null {
    try {
      const watcher = watch(this.options.directory, (_event, name) => {
        if (name === null || mailFile.test(name)) this.appended.emit('mail');
      });
      return watcher.on('error', () => watcher.close());
    } catch {
      return null;
    }
  }

  /** Empties the mails that name one of these addresses in their head (U-15). The files stay, for their numbers. */
  async forget(addresses: readonly string[]): Promise<void> {
    const wanted = addresses.map((address) => address.toLowerCase());
    for (const uid of await this.uids().catch(() => [])) {
      const raw = await readFile(this.mailPath(uid), 'latin1').catch(() => '');
      const head = raw.slice(0, headBytes).toLowerCase();
      if (wanted.some((address) => head.includes(address))) await writeFile(this.mailPath(uid), '');
    }
  }

  private async place(aside: string): Promise<number> {
    for (let uid = ((await this.uids()).at(-1) ?? 0) + 1; ; uid += 1) {
      try {
        await link(aside, this.mailPath(uid));
        return uid;
      } catch (error) {
        // Another process took this UID between the look and the link: the next one is tried.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  private async read(run: MailSourceRun, progress: SourceProgress): Promise<void> {
    const uidValidity = await this.uidValidity();
    const cursor = await run.loadCursor(EmbeddedMailbox.folder);
    let lastUid = cursor?.uidValidity === uidValidity ? cursor.lastUid : 0;
    progress.onUp();
    while (!run.signal.aborted) {
      const news = this.news(run.signal);
      for (const uid of await this.uidsAfter(lastUid)) {
        if (run.signal.aborted) break;
        const mail = await this.mail(uid, uidValidity);
        const wanted = cursor !== null || Date.now() - mail.receivedAt.getTime() <= firstReadAgeMs;
        if (wanted) await run.handle(mail);
        lastUid = uid;
      }
      progress.onDone();
      await news;
    }
  }

  /** Ends with the next mail, the poll interval or the run. Begun before the look, so that no mail falls between. */
  private async news(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    signal.addEventListener('abort', end);
    this.appended.on('mail', end);
    if (signal.aborted) end();
    await pause(this.options.pollIntervalMs ?? 1_000, undefined, { signal: stop.signal }).catch(() => undefined);
    signal.removeEventListener('abort', end);
    this.appended.off('mail', end);
  }

  private async mail(uid: number, uidValidity: string): Promise<ReceivedMail> {
    const { size, mtime } = await stat(this.mailPath(uid));
    const about = { uid, uidValidity, folder: EmbeddedMailbox.folder, receivedAt: mtime };
    if (size <= this.maxBytes) return { ...about, raw: await readFile(this.mailPath(uid)) };
    const file = await open(this.mailPath(uid), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      const end = buffer.indexOf('\r\n\r\n');
      return { ...about, raw: buffer.subarray(0, end < 0 ? bytesRead : end + 4), tooLarge: true };
    } finally {
      await file.close();
    }
  }

  /**
   * A directory that grows while it is listed may show a mail and not the one before it, which was there first. So what lies
   * between is looked for once more; numbers that are missing then are of mails taken away.
   */
  private async uidsAfter(lastUid: number): Promise<number[]> {
    const found = (await this.uids()).filter((uid) => uid > lastUid);
    const newest = found.at(-1) ?? lastUid;
    if (newest - lastUid === found.length) return found;
    return (await this.uids()).filter((uid) => uid > lastUid && uid <= newest);
  }

  private async uids(): Promise<number[]> {
    const names = await readdir(this.options.directory);
    return names
      .flatMap((name) => mailFile.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((one, other) => one - other);
  }

  /** The newest mail always stays: its number keeps UIDs from being given twice. Half files of killed processes go too. */
  private async prune(): Promise<void> {
    const names = await readdir(this.options.directory);
    const mails = names.filter((name) => mailFile.test(name)).sort();
    const old = mails.slice(0, Math.max(0, mails.length - this.maxMails));
    for (const name of names.filter((candidate) => candidate.endsWith('.tmp'))) {
      const found = await stat(this.path(name)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > halfFileAgeMs) old.push(name);
    }
    for (const name of old) await rm(this.path(name), { force: true });
  }

  /** Written once with the directory: a wiped data directory is another mailbox. */
  private async uidValidity(): Promise<string> {
    const path = this.path('uidvalidity');
    await writeFile(path, String(Date.now()), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return (await readFile(path, 'utf8')).trim();
  }

  private mailPath(uid: number): string {
    return this.path(`${String(uid).padStart(10, '0')}.eml`);
  }

  private path(name: string): string {
    return join(this.options.directory, name);
  }
}
