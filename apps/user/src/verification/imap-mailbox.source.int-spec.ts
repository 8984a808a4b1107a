import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { testImapUrl } from '#testing/mailbox.env';
import { TcpProxy } from '#testing/tcp-proxy';
import { ImapMailboxSource } from './imap-mailbox.source.js';
import type { ImapMailboxOptions } from './imap-mailbox.source.js';
import { parseImapUrl } from './imap-url.rules.js';
import type { MailCursor, ReceivedMail } from './mail-source.types.js';

const quick = { retry: { firstMs: 20, maxMs: 100 } };

/** A member of the audience: remembers mails and cursors as the service does, in memory. */
class Reader {
  readonly mails: ReceivedMail[] = [];
  readonly states: string[] = [];
  readonly cursors = new Map<string, MailCursor>();
  failNext = 0;
  private stop = new AbortController();
  private running: Promise<void> = Promise.resolve();

  start(options: ImapMailboxOptions): this {
    this.stop = new AbortController();
    this.running = new ImapMailboxSource({ ...quick, ...options }).run({
      loadCursor: async (folder) => this.cursors.get(folder) ?? null,
      handle: async (mail) => {
        if (this.failNext > 0) {
          this.failNext -= 1;
          throw new Error('the database is away');
        }
        this.mails.push(mail);
        this.cursors.set(mail.folder, { folder: mail.folder, uidValidity: mail.uidValidity, lastUid: mail.uid });
      },
      onState: (state) => this.states.push(state),
      signal: this.stop.signal,
    });
    return this;
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  /** Subjects of one folder; other suites may use the junk folder of the same mailbox. */
  subjectsIn(folder: string): string[] {
    const mails = this.mails.filter((mail) => mail.folder === folder);
    return mails.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1] ?? '');
  }
}

describe.runIf(testImapUrl)('ImapMailboxSource on a real server', () => {
  const address = parseImapUrl(testImapUrl ?? 'imap://nobody@127.0.0.1/');
  let folder = '';
  let url = '';
  let postman: ImapFlow;
  let reader: Reader;
  let proxy: TcpProxy | null = null;

  const urlAt = (port: number) =>
    `imap://${encodeURIComponent(address.user)}:${encodeURIComponent(address.password)}@127.0.0.1:${port}/${folder}`;
  const mail = (subject: string, bytes = 20) =>
    Buffer.from(`From: a@example.com\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(bytes)}\r\n`);
  const subjects = () => reader.subjectsIn(folder);
  const mails = () => reader.mails.filter((received) => received.folder === folder);
  const post = async (subject: string, options: { to?: string; bytes?: number; at?: Date } = {}) => {
    await postman.append(options.to ?? folder, mail(subject, options.bytes), [], options.at ?? new Date());
  };

  beforeEach(async () => {
    folder = `Box-${Math.random().toString(36).slice(2)}`;
    url = urlAt(address.port);
    reader = new Reader();
    proxy = null;
    postman = new ImapFlow({
      host: address.host,
      port: address.port,
      secure: address.secure,
      auth: { user: address.user, pass: address.password },
      logger: false,
    });
    postman.on('error', () => undefined);
    await postman.connect();
    await postman.mailboxCreate(folder);
  });

  afterEach(async () => {
    await reader.end();
    await proxy?.stop();
    await postman.mailboxDelete(folder);
    await postman.logout();
  });

  it('reads what is there in order, then what is announced, long before the next poll', async () => {
    await post('one');
    await post('two');
    reader.start({ url });
    await eventually(() => expect(subjects()).toEqual(['one', 'two']));
    expect(reader.states).toEqual(['up']);
    await post('three');
    await eventually(() => expect(subjects()).toEqual(['one', 'two', 'three']));
    expect(mails().map(({ uid }) => uid)).toEqual([1, 2, 3]);
    expect(mails()[2]?.raw).toEqual(mail('three'));
  });

  it('goes on behind its cursor after a restart', async () => {
    await post('one');
    reader.start({ url });
    await eventually(() => expect(subjects()).toEqual(['one']));
    await reader.end();
    await post('two');
    reader.start({ url });
    await eventually(() => expect(subjects()).toEqual(['one', 'two']));
  });

  it('offers a mail again until it was handled, and nothing before it is', async () => {
    reader.failNext = 3;
    await post('one');
    await post('two');
    reader.start({ url });
    await eventually(() => expect(subjects()).toEqual(['one', 'two']));
    await eventually(() => expect(reader.states.at(-1)).toBe('up'));
    expect(reader.states).toContain('down');
  });

  it('starts a new mailbox with the mails of the last day', async () => {
    await post('last week', { at: new Date(Date.now() - 7 * 86_400_000) });
    await post('yesterday', { at: new Date(Date.now() - 25 * 3_600_000) });
    await post('today', { at: new Date(Date.now() - 3_600_000) });
    reader.start({ url });
    await eventually(() => expect(subjects()).toEqual(['today']));
  });

  it('reads the folder anew when its UIDVALIDITY changes', async () => {
    await post('one');
    reader.start({ url, pollIntervalMs: 100 });
    await eventually(() => expect(subjects()).toEqual(['one']));
    await reader.end();
    await postman.mailboxDelete(folder);
    await postman.mailboxCreate(folder);
    await post('other one');
    reader.start({ url, pollIntervalMs: 100 });
    await eventually(() => expect(subjects()).toEqual(['one', 'other one']));
    const [first, second] = mails();
    expect(second?.uidValidity).not.toBe(first?.uidValidity);
  });

  it('survives that the folder is deleted and made anew under it', async () => {
    await post('one');
    reader.start({ url, pollIntervalMs: 100 });
    await eventually(() => expect(subjects()).toEqual(['one']));
    await postman.mailboxDelete(folder);
    await postman.mailboxCreate(folder);
    await post('other one');
    await eventually(() => expect(subjects()).toContain('other one'));
  });

  it('finds mail in the junk folder', async () => {
    const junk = (await postman.list()).find(({ specialUse }) => specialUse === '\\Junk')?.path ?? '';
    expect(junk).not.toBe('');
    const subject = `junk ${folder}`;
    reader.start({ url, pollIntervalMs: 100 });
    await eventually(() => expect(reader.states).toEqual(['up']));
    await post(subject, { to: junk });
    await eventually(() => expect(reader.subjectsIn(junk)).toContain(subject));
    await postman.mailboxOpen(junk);
    await postman.messageDelete({ subject });
    await postman.mailboxClose();
  });

  it('fetches the headers only of what is too large', async () => {
    await post('large', { bytes: 10_000 });
    await post('small');
    reader.start({ url, maxBytes: 2_000 });
    await eventually(() => expect(subjects()).toEqual(['large', 'small']));
    expect(mails().map(({ tooLarge }) => tooLarge ?? false)).toEqual([true, false]);
    expect(mails()[0]?.raw.toString()).toBe('From: a@example.com\r\nSubject: large\r\n\r\n');
  });

  it('reads a backlog of several batches once each and in order', async () => {
    const posted = Array.from({ length: 120 }, (_, index) => `mail ${index}`);
    for (const subject of posted) await post(subject);
    reader.start({ url });
    await eventually(() => expect(subjects()).toEqual(posted), { timeoutMs: 30_000 });
  });

  it('comes back after a cut connection and misses nothing', async () => {
    proxy = await TcpProxy.start({ host: address.host, port: address.port });
    reader.start({ url: urlAt(proxy.port) });
    await eventually(() => expect(reader.states).toEqual(['up']));
    for (const subject of ['one', 'two', 'three']) {
      proxy.cut();
      await post(subject);
      await eventually(() => expect(subjects()).toContain(subject));
    }
    expect(subjects()).toEqual(['one', 'two', 'three']);
  });

  it('finds out by itself that a connection died silently, and says so', async () => {
    proxy = await TcpProxy.start({ host: address.host, port: address.port });
    reader.start({ url: urlAt(proxy.port), watchdogIntervalMs: 100, commandTimeoutMs: 500 });
    // A busy machine may be silent for half a second by itself: then it says so too, and each change once.
    await eventually(() => expect(reader.states.at(-1)).toBe('up'));
    proxy.stall();
    await post('one');
    await eventually(() => expect(reader.states.at(-1)).toBe('down'));
    proxy.heal();
    await eventually(() => expect(subjects()).toEqual(['one']));
    await eventually(() => expect(reader.states.at(-1)).toBe('up'));
    expect(reader.states.filter((state, index) => state === reader.states[index - 1])).toEqual([]);
  });

  it('tells once that the server is away, and ends at once when asked to', async () => {
    proxy = await TcpProxy.start({ host: address.host, port: address.port });
    proxy.refuse();
    reader.start({ url: urlAt(proxy.port) });
    const { accepted } = proxy;
    await eventually(() => expect(proxy?.accepted).toBeGreaterThan(accepted + 2));
    expect(reader.states).toEqual(['down']);
    proxy.heal();
    await eventually(() => expect(reader.states).toEqual(['down', 'up']));
    await reader.end();
  });
});
