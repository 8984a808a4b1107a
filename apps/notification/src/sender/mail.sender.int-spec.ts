import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmailBound } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';
import { readMailOutbox } from '../notification.module.js';

const minuteMs = 60_000;
const undoToken = 'undo-token-of-this-test';

function bound(userId: number, email: string) {
  const expiry = {
    identity_hash: 'a'.repeat(64),
    undo_token: undoToken,
    undo_expires_at: new Date(Date.now() + 1_440 * minuteMs).toISOString(),
  };
  return { user_id: userId, verification_id: 'v1', email, ...expiry };
}

async function mailOf(notification: NotificationPlace, userId: number) {
  return (await notification.deliveries(userId)).find(({ channel }) => channel === 'email');
}

describe('the embedded outbox', () => {
  onEachDatabase('mails', ({ place }) => {
    const notification = new NotificationPlace(place);
    const outbox = () => join(place.mysqlUrl ? notification.directory : place.dataDirectory, 'mail-outbox');

    beforeAll(() =>
      notification.start({ PUBLIC_URL: 'https://club.example.org/', VERIFY_MAILBOX: 'verify@club.example.org' }),
    );
    afterAll(() => notification.stop());

    it('holds the reply mail, which says who was bound and how to undo it', async () => {
      const { userId, member } = await notification.meet('Ann <admin>', 'en');
      await notification.publish(EmailBound, bound(userId, 'ann@example.org'));
      const mail = await eventually(async () => {
        const [newest] = await readMailOutbox(outbox());
        expect(newest).toMatchObject({ to: 'ann@example.org', from: 'verify@club.example.org' });
        return newest;
      });
      expect(mail?.text).toContain(`https://club.example.org/v1/email-undos/${undoToken}`);
      expect(mail?.text).toContain(`Ann <admin> (Telegram id ${member.id})`);
      expect(mail?.html).toContain('Ann &lt;admin&gt;');
      expect(mail?.html).toContain(`href="https://club.example.org/v1/email-undos/${undoToken}"`);
      expect(mail?.message_id).toMatch(/^<[0-9a-f]{32}@club\.example\.org>$/);
      await member.waitForMessage(/ann@example\.org is now linked/);
      await eventually(async () =>
        expect(await mailOf(notification, userId)).toMatchObject({ status: 'sent', params: '{}' }),
      );
    });
  });
});

interface Received {
  recipient: string;
  content: string;
}

onEachDatabase('mails over SMTP', ({ place }) => {
  const notification = new NotificationPlace(place);
  const received: Received[] = [];
  /** What the server says to the next mails for a recipient; nothing more to say means 250. */
  const refusals = new Map<string, { code: number; text: string }[]>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, callback) {
      const refusal = refusals.get(address)?.shift();
      callback(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null);
    },
    onData(stream, session, callback) {
      let content = '';
      stream.on('data', (chunk: Buffer) => (content += chunk.toString()));
      stream.on('end', () => {
        received.push({ recipient: session.envelope.rcptTo.map(({ address }) => address).join(), content });
        callback();
      });
    },
  });

  beforeAll(async () => {
    // A client that hangs up in the middle of a refused mail is none; without a listener it would end the process.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.server.address() as AddressInfo;
    await notification.start({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'club@example.org' });
  });
  afterAll(async () => {
    await notification.stop();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('tries again after a 451, a minute later, with the same Message-ID', async () => {
    refusals.set('grey@example.org', [{ code: 451, text: 'come back later, grey@example.org' }]);
    const { userId } = await notification.meet('Grey', 'ru');
    await notification.publish(EmailBound, bound(userId, 'grey@example.org'));
    await eventually(async () =>
      expect(await mailOf(notification, userId)).toMatchObject({ status: 'pending', attempts: 1 }),
    );
    expect((await mailOf(notification, userId))?.last_error).toMatch(/^smtp 451: .*\[address\]/);
    notification.pass(minuteMs + 1_000);
    await eventually(async () =>
      expect(await mailOf(notification, userId)).toMatchObject({ status: 'sent', attempts: 2 }),
    );
    const mails = received.filter(({ recipient }) => recipient === 'grey@example.org');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.content).toMatch(/^Message-ID: <[0-9a-f]{32}@example\.org>/m);
    expect(mails[0]?.content).toMatch(/^Auto-Submitted: auto-generated/m);
  });

  it('gives up at a 550', async () => {
    refusals.set('nobody@example.org', [{ code: 550, text: 'no such user' }]);
    const { userId } = await notification.meet('Nobody');
    await notification.publish(EmailBound, bound(userId, 'nobody@example.org'));
    await eventually(async () => {
      expect(await mailOf(notification, userId)).toMatchObject({ status: 'failed', attempts: 1 });
      const ends = notification.settled.filter(({ user_id, channel }) => user_id === userId && channel === 'email');
      expect(ends).toMatchObject([{ outcome: 'failed', error: expect.stringContaining('smtp 550') as string }]);
    });
  });
});
