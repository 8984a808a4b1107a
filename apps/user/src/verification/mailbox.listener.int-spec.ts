import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { embeddedDatabase } from '#testing/database.engines';
import { onEachDatabase, onMysql } from '#testing/engines';
import { testImapUrl } from '#testing/mailbox.env';
import { parseImapUrl } from './imap-url.rules.js';
import { VerificationWorld, type IssuedVerification } from './verification-world.fixture.js';

const thousand = 1_000;
const differentMails = 50;
let count = 0;
const freshAddress = (): string => `listener${process.pid}-${(count += 1)}@mail.example`;
const listening = (world: VerificationWorld) => world.metric('coser_mailbox_listener_up');
const isBound = (world: VerificationWorld, issued: IssuedVerification) =>
  eventually(async () => expect(await world.state(issued)).toMatchObject({ status: 'bound' }), { timeoutMs: 20_000 });
/** What was committed is seen a moment before the process that did it has counted it. */
const isCounted = (world: VerificationWorld, outcome: string, times: number) =>
  eventually(async () => expect(await world.counted(outcome)).toBe(times));

onEachDatabase('the mailbox listener', (engine) => {
  let world: VerificationWorld;
  const post = async (issued: IssuedVerification) =>
    world.deliver(await world.received({ from: issued.email, subject: `COSER ${issued.code}` }));
  const cursor = () =>
    world.database.reader.one<{ last_uid: number }>("SELECT last_uid FROM mail_cursors WHERE mailbox = 'embedded'");
  const rowsOf = async (table: string) => {
    const row = await world.database.reader.one<{ total: number | string }>(`SELECT COUNT(*) AS total FROM ${table}`);
    return Number(row?.total);
  };

  beforeEach(async () => {
    world = await VerificationWorld.start(engine.place);
  });
  afterEach(async () => {
    await world.database.transaction((tx) => tx.execute('DELETE FROM mail_cursors'));
    await world.end();
  });

  it('goes on behind its cursor after a restart, and repeats nothing', async () => {
    const [first, second] = [
      await world.issue(await world.addMember(), freshAddress()),
      await world.issue(await world.addMember(), freshAddress()),
    ];
    await post(first);
    await isBound(world, first);
    await world.close();
    await post(second);
    await world.open();
    await isBound(world, second);
    await isCounted(world, 'bound', 1);
    expect(await world.counted('replay')).toBe(0);
    await eventually(async () => expect((await cursor())?.last_uid).toBe(2));
    await eventually(() => expect(world.heard('user.email_bound.v1', first.userId)).toHaveLength(1));
  });

  it('stores the effect, the memory and the cursor together, or nothing', async () => {
    const issued = await world.issue(await world.addMember(), freshAddress());
    const seen = await rowsOf('seen_mails');
    await eventually(async () => expect(await rowsOf('outbox')).toBe(0));
    await rename('outbox', 'outbox_away');
    const mail = { from_address: issued.email, codes: [issued.code] };
    await expect(world.hand(mail, { key: 'one' })).rejects.toMatchObject({ errorName: 'system.internal' });
    await post(issued);
    await eventually(async () => expect(await listening(world)).toBe(0));
    expect(await world.state(issued)).toMatchObject({ status: 'pending' });
    expect(await world.emailOf(issued.userId)).toMatchObject({ email: null });
    expect(await rowsOf('seen_mails')).toBe(seen);
    expect(await rowsOf('mail_cursors')).toBe(0);
    await rename('outbox_away', 'outbox');
    await isBound(world, issued);
    await eventually(async () => expect(await listening(world)).toBe(1));
    expect((await cursor())?.last_uid).toBe(1);
  });

  const rename = (from: string, to: string) =>
    world.database.transaction((tx) => tx.execute(`ALTER TABLE ${from} RENAME TO ${to}`));

  it('gives a repeated command its first answer, and moves the cursor forward only', async () => {
    const issued = await world.issue(await world.addMember(), freshAddress());
    const mail = { from_address: issued.email, codes: [issued.code], message_id: `<${issued.id}@test>` };
    const first = await world.hand(mail, { key: issued.id, uid: 7 });
    const repeats = Array.from({ length: 10 }, () => world.hand(mail, { key: issued.id, uid: 7 }));
    expect(await Promise.all(repeats)).toEqual(repeats.map(() => first));
    expect(first.outcome).toBe('bound');
    await world.hand({ decision: 'ignore', reason: 'auto_reply' }, { uid: 3 });
    const lastUid = async () =>
      world.database.reader.one("SELECT last_uid, uid_validity FROM mail_cursors WHERE mailbox = 'by hand'");
    expect(await lastUid()).toEqual({ last_uid: 7, uid_validity: '1' });
    await world.hand({ decision: 'ignore', reason: 'auto_reply' }, { uid: 2, validity: '2' });
    expect(await lastUid()).toEqual({ last_uid: 2, uid_validity: '2' });
  });

  it('is not stopped by mails that nobody can read', async () => {
    const issued = await world.issue(await world.addMember(), freshAddress());
    for (const junk of ['', 'no mail at all', 'From: a@b.example\r\nFrom: c@d.example\r\n\r\n123456', '\0\r\n\r\n']) {
      await world.deliver(Buffer.from(junk));
    }
    await post(issued);
    await isBound(world, issued);
    await isCounted(world, 'discarded', 4);
  });
});

onMysql('two mailbox listeners', (engine) => {
  it('never listen together, and one takes over from the other', async () => {
    const first = await VerificationWorld.start(engine.place);
    const second = await VerificationWorld.start(engine.place, { beside: first });
    const [one, two] = [
      await first.issue(await first.addMember(), freshAddress()),
      await first.issue(await first.addMember(), freshAddress()),
    ];
    const both = async () => (await listening(first)) + (await listening(second));
    await eventually(async () => expect(await both()).toBe(1));
    await second.deliver(await second.received({ from: one.email, subject: one.code }));
    await isBound(second, one);
    expect(await both()).toBe(1);
    const [active, standby] = (await listening(first)) === 1 ? [first, second] : [second, first];
    await active.close();
    await eventually(async () => expect(await listening(standby)).toBe(1), { timeoutMs: 20_000 });
    await standby.deliver(await standby.received({ from: two.email, subject: two.code }));
    await isBound(standby, two);
    await standby.end();
  });
});

describe.runIf(testImapUrl)('the mailbox listener on a real mail server', () => {
  const engine = embeddedDatabase();
  const url = testImapUrl ?? 'imap://nobody@127.0.0.1/';
  const address = parseImapUrl(url);
  const folder = `Listener-${Math.random().toString(36).slice(2)}`;
  let postman: ImapFlow;
  let world: VerificationWorld;

  beforeAll(async () => {
    const { host, port, secure, user, password } = address;
    postman = new ImapFlow({ host, port, secure, auth: { user, pass: password }, logger: false });
    postman.on('error', () => undefined);
    await postman.connect();
    await postman.mailboxCreate(folder);
    const own = new URL(url);
    own.pathname = `/${folder}`;
    world = await VerificationWorld.start(engine.place, { environment: { IMAP_URL: own.href } });
  });
  afterAll(async () => {
    await world.end();
    await postman.mailboxDelete(folder);
    await postman.logout();
    await engine.remove();
  });

  it('binds the address when the mail arrives, and refuses a forged one', async () => {
    const [honest, victim] = [
      await world.issue(await world.addMember(), freshAddress()),
      await world.issue(await world.addMember(), freshAddress()),
    ];
    await eventually(async () => expect(await listening(world)).toBe(1));
    const forged = await world.received({ from: victim.email, subject: victim.code, sign: { domain: 'evil.example' } });
    await postman.append(folder, forged);
    await postman.append(folder, await world.received({ from: honest.email, subject: `COSER ${honest.code}` }));
    await isBound(world, honest);
    expect(await world.state(victim)).toMatchObject({ status: 'pending', refusal: 'forged_from' });
  });

  it('U-07: binds when the server tells of the arrival (IDLE), not a minute later when it would look by itself', async () => {
    const [first, second] = [
      await world.issue(await world.addMember(), freshAddress()),
      await world.issue(await world.addMember(), freshAddress()),
    ];
    const mails = [first, second].map(({ email, code }) => world.received({ from: email, subject: code }));
    const [one, two] = await Promise.all(mails);
    if (!one || !two) throw new Error('no mails');
    // After the first one the listener waits for news, and would look by itself a minute later only.
    await postman.append(folder, one);
    await isBound(world, first);
    await postman.append(folder, two);
    await eventually(async () => expect(await world.state(second)).toMatchObject({ status: 'bound' }), {
      timeoutMs: 30_000,
    });
  });

  it('goes on behind its cursor after a restart', async () => {
    const issued = await world.issue(await world.addMember(), freshAddress());
    await world.close();
    await postman.append(folder, await world.received({ from: issued.email, subject: issued.code }));
    await world.open();
    await isBound(world, issued);
    await isCounted(world, 'bound', 1);
    expect(await world.counted('replay')).toBe(0);
  });

  it(
    'U-08: finds the code among a thousand unread mails that came while nobody listened',
    { timeout: 180_000 },
    async () => {
      const issued = await world.issue(await world.addMember(), freshAddress());
      await world.close();
      const before = await postman.status(folder, { unseen: true });
      const unreadBefore = (before && before.unseen) || 0;
      const pile = `${folder}-Pile`;
      await postman.mailboxCreate(pile);
      for (let index = 0; index < differentMails; index += 1) {
        const newsletter = `From: shop${index}@news.example\r\nSubject: Offer ${index}\r\nMessage-ID: <${index}@news.example>`;
        await postman.append(pile, Buffer.from(`${newsletter}\r\n\r\nOnly today: 123456\r\n`));
      }
      await postman.mailboxOpen(pile);
      const copies = async (times: number): Promise<void> => {
        for (let copy = 0; copy < times; copy += 1) await postman.messageCopy('1:*', folder);
      };
      await copies(thousand / differentMails / 2);
      await postman.append(folder, await world.received({ from: issued.email, subject: `COSER ${issued.code}` }));
      await copies(thousand / differentMails / 2);
      expect(await postman.status(folder, { unseen: true })).toMatchObject({ unseen: unreadBefore + thousand + 1 });
      await world.open();
      await eventually(async () => expect(await world.state(issued)).toMatchObject({ status: 'bound' }), {
        timeoutMs: 60_000,
      });
      await isCounted(world, 'bound', 1);
      await postman.mailboxClose();
      await postman.mailboxDelete(pile);
    },
  );
});
