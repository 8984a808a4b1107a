import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { MailForge } from '#testing/mail-forge';
import { deliverDevelopmentMail } from './development-mail.sender.js';
import { EmbeddedMailbox } from './embedded-mailbox.source.js';
import { inspectMail } from './mail.inspector.js';
import type { MailCursor, ReceivedMail } from './mail-source.types.js';
import { startSmtpSink } from './smtp-sink.listener.js';
import type { SmtpSink } from './smtp-sink.listener.js';

const authservId = 'mx.community.test';
const mailbox = 'verify@community.test';
let directory = '';
let stop = new AbortController();
let running: Promise<void>[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailbox-'));
  stop = new AbortController();
  running = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await rm(directory, { recursive: true });
});

function open(): EmbeddedMailbox {
  return new EmbeddedMailbox({
    directory: join(directory, 'mailbox'),
    maxBytes: 10_000,
    maxMails: 100,
    retry: { firstMs: 10, maxMs: 50 },
  });
}

function read(
  source: EmbeddedMailbox,
  from: MailCursor | null = null,
  fail = 0,
): { mails: ReceivedMail[]; states: string[] } {
  const mails: ReceivedMail[] = [];
  const states: string[] = [];
  let cursor = from;
  let failures = fail;
  const handle = async (mail: ReceivedMail) => {
    if (failures > 0) {
      failures -= 1;
      throw new Error('the database is away');
    }
    mails.push(mail);
    cursor = { folder: mail.folder, uidValidity: mail.uidValidity, lastUid: mail.uid };
  };
  running.push(
    source.run({ loadCursor: async () => cursor, handle, onState: (state) => states.push(state), signal: stop.signal }),
  );
  return { mails, states };
}

const texts = (mails: ReceivedMail[]) => mails.map(({ raw }) => raw.toString());

describe('EmbeddedMailbox', () => {
  it('hands mails over in order, those there and those that come', async () => {
    const source = open();
    await source.append(Buffer.from('one'));
    const { mails, states } = read(source);
    await eventually(() => expect(texts(mails)).toEqual(['one']));
    await Promise.all(['two', 'three', 'four'].map((text) => source.append(Buffer.from(text))));
    await eventually(() => expect(mails).toHaveLength(4));
    expect(mails.map(({ uid }) => uid)).toEqual([1, 2, 3, 4]);
    expect(texts(mails).sort()).toEqual(['four', 'one', 'three', 'two']);
    expect(states).toEqual(['up']);
  });

  it('goes on behind the cursor, and anew in another mailbox', async () => {
    const source = open();
    for (const text of ['one', 'two', 'three']) await source.append(Buffer.from(text));
    const first = read(source);
    await eventually(() => expect(first.mails).toHaveLength(3));
    const [one] = first.mails;
    const cursor = { folder: 'INBOX', uidValidity: one?.uidValidity ?? '', lastUid: 1 };
    const second = read(open(), cursor);
    const third = read(open(), { ...cursor, uidValidity: 'other' });
    await eventually(() => expect(texts(second.mails)).toEqual(['two', 'three']));
    await eventually(() => expect(texts(third.mails)).toEqual(['one', 'two', 'three']));
  });

  it('sees what another process wrote, and never gives a UID twice', async () => {
    const reader = read(open());
    const writers = [open(), open(), open()];
    await Promise.all(
      writers.flatMap((writer, index) =>
        Array.from({ length: 20 }, (_, count) => writer.append(Buffer.from(`${index}-${count}`))),
      ),
    );
    await eventually(() => expect(reader.mails).toHaveLength(60));
    expect(reader.mails.map(({ uid }) => uid)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(new Set(texts(reader.mails)).size).toBe(60);
  });

  it('offers a mail again until it was handled', async () => {
    const source = open();
    await source.append(Buffer.from('one'));
    const { mails, states } = read(source, null, 3);
    await eventually(() => expect(texts(mails)).toEqual(['one']));
    expect(states).toContain('down');
    await eventually(() => expect(states.at(-1)).toBe('up'));
  });

  it('takes no notice of what a killed process left half written, and clears it away later', async () => {
    const source = open();
    await source.append(Buffer.from('one'));
    const half = join(directory, 'mailbox', 'killed.tmp');
    await writeFile(half, 'ha');
    const { mails } = read(source);
    await source.append(Buffer.from('two'));
    await eventually(() => expect(texts(mails)).toEqual(['one', 'two']));
    await utimes(half, 0, 0);
    await source.append(Buffer.from('three'));
    expect(await readdir(join(directory, 'mailbox'))).not.toContain('killed.tmp');
  });

  it('keeps a bounded number of mails and the headers of large ones', async () => {
    const source = open();
    for (let count = 0; count < 105; count += 1) await source.append(Buffer.from(`mail ${count}`));
    await source.append(Buffer.from(`Subject: large\r\n\r\n${'x'.repeat(20_000)}`));
    const { mails } = read(source);
    await eventually(() => expect(mails.at(-1)?.uid).toBe(106));
    expect(mails).toHaveLength(100);
    expect(mails.at(-1)).toMatchObject({ tooLarge: true, raw: Buffer.from('Subject: large\r\n\r\n') });
  });
});

describe('the embedded mail world', () => {
  const forgeOf = () => new MailForge({ domains: 'any', keyFile: join(directory, 'forge-keys.json') });
  const inspect = (raw: Buffer, forge: MailForge) =>
    inspectMail(raw, { authservId, resolver: forge.resolver, now: new Date(), maxBytes: 10_000 });
  let sink: SmtpSink | null = null;

  afterEach(async () => {
    await sink?.stop();
    sink = null;
  });

  it('accepts a development mail, also after a restart with the kept keys', async () => {
    const source = open();
    const post = {
      forge: forgeOf(),
      append: (raw: Buffer) => source.append(raw),
      mailbox,
      authservId,
      now: new Date(),
    };
    await deliverDevelopmentMail({ from: 'alice@gmail.com', subject: 'COSER 483920', text: '' }, post);
    await deliverDevelopmentMail({ from: 'alice@nowhere.invalid', subject: 'COSER 483920', text: '' }, post);
    const { mails } = read(source);
    await eventually(() => expect(mails).toHaveLength(2));
    const [honest, unknown] = await Promise.all(mails.map(({ raw }) => inspect(raw, forgeOf())));
    expect(honest).toMatchObject({
      codes: ['483920'],
      verdict: { decision: 'accept', grade: 'normal', evidence: { fromAddress: 'alice@gmail.com' } },
    });
    expect(unknown?.verdict.decision).toBe('refuse');
  });

  it('believes mail from outside only when it is really signed', async () => {
    const forge = forgeOf();
    const source = open();
    sink = await startSmtpSink({
      host: '127.0.0.1',
      port: 0,
      authservId,
      resolver: forge.resolver,
      append: (raw) => source.append(raw),
    });
    const transport = createTransport({ host: '127.0.0.1', port: sink.port, secure: false });
    const envelope = { from: 'alice@gmail.com', to: mailbox };
    const pass = `${authservId}; dkim=pass header.d=gmail.com; dmarc=pass header.from=gmail.com`;
    const letter = {
      from: 'alice@gmail.com',
      subject: '483920',
      text: 'hi',
      authenticationResults: pass,
      receivedBy: authservId,
    };
    await transport.sendMail({ envelope, raw: await forge.compose(letter) });
    await transport.sendMail({ envelope, raw: await forge.compose({ ...letter, sign: false }) });
    await transport.sendMail({ envelope, raw: await forge.compose({ ...letter, sign: { domain: 'evil.example' } }) });
    await transport.sendMail({
      envelope,
      raw: await forge.compose({ ...letter, sign: false, rawHeaders: [`Authentication-Results:\r\n ${pass}`] }),
    });
    const { mails } = read(source);
    await eventually(() => expect(mails).toHaveLength(4));
    const inspected = await Promise.all(mails.map(({ raw }) => inspect(raw, forge)));
    expect(inspected.map(({ verdict }) => verdict.decision)).toEqual(['accept', 'refuse', 'refuse', 'refuse']);
    for (const { raw } of mails) expect(raw.toString().split(pass).length).toBeLessThanOrEqual(2);
    transport.close();
  });

  it('refuses what is too large or cannot be stored', async () => {
    const forge = forgeOf();
    let away = true;
    const append = async () => {
      if (away) throw new Error('disk full');
    };
    sink = await startSmtpSink({
      host: '127.0.0.1',
      port: 0,
      authservId,
      resolver: forge.resolver,
      append,
      maxBytes: 5_000,
    });
    const transport = createTransport({ host: '127.0.0.1', port: sink.port, secure: false });
    const send = (text: string) => transport.sendMail({ from: 'a@example.com', to: mailbox, subject: '483920', text });
    await expect(send('hi')).rejects.toMatchObject({ responseCode: 451 });
    away = false;
    await send('hi');
    await expect(send('x'.repeat(8_000))).rejects.toMatchObject({ responseCode: 552 });
    transport.close();
  });
});
