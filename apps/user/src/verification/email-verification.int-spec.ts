import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, VerificationWorld } from './verification-world.fixture.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const otherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

onEachDatabase('e-mail verification', (engine) => {
  let world: VerificationWorld;
  let count = 0;
  const freshAddress = (): string => `person${(count += 1)}@mail${count}.example`;

  beforeAll(async () => {
    world = await VerificationWorld.start(engine.place);
  });
  afterAll(() => world.end());

  const bind = async (userId: number, email: string) => {
    const issued = await world.issue(userId, email);
    await world.hand({ from_address: email, codes: [issued.code] });
    await eventually(() => expect(world.heard('user.email_bound.v1', userId)).not.toEqual([]));
    const [bound] = world.heard('user.email_bound.v1', userId).slice(-1);
    return { issued, undoToken: String(bound?.['undo_token']) };
  };

  describe('through the mailbox', () => {
    it('binds the address from which the code was mailed', async () => {
      const userId = await world.addMember();
      const issued = await world.issue(userId, 'Ann.Smith@GMail.com');
      expect(issued.code).toMatch(/^[0-9]{6}$/);
      expect(await world.state(issued)).toMatchObject({ status: 'pending', refusal: null, email: 'A***h@GMail.com' });
      await world.dropMail('annsmith@gmail.com', `COSER ${issued.code}`);
      await eventually(async () => expect(await world.state(issued)).toMatchObject({ status: 'bound' }));
      expect(await world.emailOf(userId)).toEqual({
        email: 'Ann.Smith@GMail.com',
        email_canonical: 'annsmith@gmail.com',
      });
      await eventually(() => expect(world.heard('user.email_bound.v1', userId)).toHaveLength(1));
      const [event] = world.events.filter(({ name }) => name === 'user.email_bound.v1').slice(-1);
      expect(event).toMatchObject({
        call: { actor: { kind: 'system', name: 'mailbox' } },
        payload: { user_id: userId, verification_id: issued.id, email: 'Ann.Smith@GMail.com' },
        change: { user_id: userId, before: { email: null }, after: { email: 'A***h@GMail.com', grade: 'normal' } },
      });
      const row = await world.database.reader.one<{ evidence: string; code_hash: string }>(
        'SELECT evidence, code_hash FROM email_verifications WHERE id = ?',
        [issued.id],
      );
      expect(JSON.parse(row?.evidence ?? '')).toMatchObject({ dkimDomain: 'gmail.com', own: 'pass', receiver: 'pass' });
      expect(row?.code_hash).not.toContain(issued.code);
    });

    it('refuses a mail that proves nothing, tells the member why once, and binds a proven one later', async () => {
      const userId = await world.addMember();
      const email = freshAddress();
      const issued = await world.issue(userId, email);
      const forged = { from: email, subject: issued.code, sign: false as const };
      await world.deliver(await world.received(forged));
      await eventually(async () =>
        expect(await world.state(issued)).toMatchObject({ status: 'pending', refusal: 'forged_from' }),
      );
      const noise = await world.received({ from: email, subject: 'hello', sign: false });
      await world.deliver(noise);
      await world.deliver(await world.received({ from: email, subject: issued.code }));
      await eventually(async () => expect(await world.state(issued)).toMatchObject({ status: 'bound', refusal: null }));
      await eventually(() => expect(world.heard('user.email_bound.v1', userId)).toHaveLength(1));
      expect(world.heard('user.email_verification_refused.v1', userId)).toMatchObject([{ reason: 'forged_from' }]);
    });

    it('gives a mail one effect, however often it lies in the mailbox', async () => {
      const userId = await world.addMember();
      const email = freshAddress();
      const issued = await world.issue(userId, email);
      const raw = await world.received({ from: email, subject: issued.code, messageId: `<${issued.id}@test>` });
      await world.deliver(raw);
      await eventually(async () => expect(await world.state(issued)).toMatchObject({ status: 'bound' }));
      const replays = await world.counted('replay');
      await world.deliver(raw);
      await world.deliver(raw);
      await eventually(async () => expect(await world.counted('replay')).toBe(replays + 2));
      await eventually(() => expect(world.heard('user.email_bound.v1', userId)).toHaveLength(1));
    });

    it('lets a mail whose name servers are silent wait aside, and looks at it again', async () => {
      const [late, quick] = [
        await world.issue(await world.addMember(), 'ann@silent.example'),
        await world.issue(await world.addMember(), freshAddress()),
      ];
      const raw = await world.received({ from: late.email, subject: late.code });
      world.failing.push('silent.example');
      await world.deliver(raw);
      await eventually(async () => expect(await parkedMails()).toBe(1));
      await world.dropMail(quick.email, quick.code);
      await eventually(async () => expect(await world.state(quick)).toMatchObject({ status: 'bound' }));
      expect(await world.state(late)).toMatchObject({ status: 'pending', refusal: null });
      world.failing.splice(0);
      await world.pass(6_000);
      await eventually(async () => expect(await world.state(late)).toMatchObject({ status: 'bound' }));
      await eventually(async () => expect(await parkedMails()).toBe(0));
    });

    it('refuses a mail whose name servers stay silent', async () => {
      world.failing.push('dead.example');
      const userId = await world.addMember();
      const issued = await world.issue(userId, 'ann@dead.example');
      await world.deliver(await world.received({ from: issued.email, subject: issued.code }));
      await eventually(async () => expect(await parkedMails()).toBe(1));
      await world.pass(10 * minuteMs);
      await eventually(async () => expect(await parkedMails()).toBe(0));
      expect(await world.emailOf(userId)).toMatchObject({ email: null });
      world.failing.splice(0);
    });

    const parkedMails = async (): Promise<number> => {
      const row = await world.database.reader.one<{ total: number | string }>(
        'SELECT COUNT(*) AS total FROM parked_mails',
      );
      return Number(row?.total);
    };

    it('says on its metric that the mailbox is heard', async () => {
      expect(await world.metric('coser_mailbox_listener_up')).toBe(1);
    });
  });

  describe('a code', () => {
    it('is over after ten minutes', async () => {
      const userId = await world.addMember();
      const issued = await world.issue(userId, freshAddress());
      await world.pass(10 * minuteMs);
      expect(await world.state(issued)).toMatchObject({ status: 'expired' });
      expect(await world.hand({ from_address: issued.email, codes: [issued.code] })).toEqual({
        outcome: 'late_code',
        user_id: userId,
      });
      expect(await world.state(issued)).toMatchObject({ status: 'expired', refusal: 'expired' });
      expect(await world.emailOf(userId)).toMatchObject({ email: null });
    });

    it('is replaced by the next one', async () => {
      const userId = await world.addMember();
      const email = freshAddress();
      const first = await world.issue(userId, email);
      const second = await world.issue(userId, email);
      expect(await world.state(first)).toMatchObject({ status: 'replaced' });
      const late = await world.hand({ from_address: email, codes: [first.code] });
      expect(late.outcome).toBe(first.code === second.code ? 'bound' : 'late_code');
      expect(await world.hand({ from_address: email, codes: [second.code] })).toMatchObject({ outcome: 'bound' });
    });

    it('works from its own address only', async () => {
      const [ann, bob] = [await world.addMember(), await world.addMember()];
      const [annIssued, bobIssued] = [await world.issue(ann, freshAddress()), await world.issue(bob, freshAddress())];
      const crossed = await world.hand({ from_address: bobIssued.email, codes: [annIssued.code] });
      expect(crossed).toEqual({ outcome: 'wrong_code', user_id: bob });
      const stranger = await world.hand({ from_address: freshAddress(), codes: [annIssued.code] });
      expect(stranger).toEqual({ outcome: 'discarded', user_id: null });
      expect(await world.emailOf(ann)).toMatchObject({ email: null });
      expect(await world.emailOf(bob)).toMatchObject({ email: null });
    });

    it('locks the member out after five wrong tries, for an hour', async () => {
      const userId = await world.addMember();
      const issued = await world.issue(userId, freshAddress());
      const wrong = { from_address: issued.email, codes: [otherCode(issued.code)] };
      const outcomes = [];
      for (let attempt = 0; attempt < 5; attempt += 1) outcomes.push((await world.hand(wrong)).outcome);
      expect(outcomes).toEqual(['wrong_code', 'wrong_code', 'wrong_code', 'wrong_code', 'locked_out']);
      expect(await world.state(issued)).toMatchObject({ status: 'refused', refusal: 'locked_out' });
      expect((await world.hand({ ...wrong, codes: [issued.code] })).outcome).not.toBe('bound');
      await expect(world.issue(userId, issued.email)).rejects.toMatchObject({
        errorName: 'verification.locked_out',
        params: { retry_after_seconds: expect.any(Number) as number },
      });
      await world.pass(hourMs + 1_000);
      const again = await world.issue(userId, issued.email);
      expect(await world.hand({ ...wrong, codes: [again.code] })).toMatchObject({ outcome: 'bound' });
    });

    it('is given five times an hour', async () => {
      const userId = await world.addMember();
      const email = freshAddress();
      const wishes = Array.from({ length: 12 }, () => world.issue(userId, email));
      const settled = await Promise.allSettled(wishes);
      const refused = settled.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(7);
      expect(refused).toContainEqual(
        expect.objectContaining({
          reason: expect.objectContaining({ errorName: 'verification.too_many_codes' }) as Error,
        }),
      );
      await world.pass(hourMs + 1_000);
      await world.issue(userId, email);
    });
  });

  describe('an address', () => {
    it.each([
      ['not an address', 'verification.address_invalid'],
      ['ann@mailinator.com', 'verification.address_blocked'],
      ['ann@sub.mailinator.com', 'verification.address_blocked'],
    ])('"%s" gets no code: %s', async (email, errorName) => {
      await expect(world.issue(await world.addMember(), email)).rejects.toMatchObject({ errorName });
    });

    it('on the blacklist gets no code', async () => {
      const createdAt = '2026-01-01 00:00:00.000';
      await world.database.transaction((tx) =>
        tx.insert('email_blacklist', [
          { pattern: 'bad.example', kind: 'domain', created_at: createdAt },
          { pattern: 'ann@good.example', kind: 'address', created_at: createdAt },
          { pattern: 'spam*@*', kind: 'pattern', created_at: createdAt },
        ]),
      );
      const userId = await world.addMember();
      for (const email of ['x@bad.example', 'x@deep.bad.example', 'ANN@good.example', 'spam7@other.example']) {
        const errorName = 'verification.address_blocked';
        await expect(world.issue(userId, email)).rejects.toMatchObject({ errorName });
      }
      await world.issue(userId, 'bob@good.example');
    });

    it('U-07, U-08: that is put on the blacklist after its code was issued is not bound', async () => {
      const userId = await world.addMember();
      const issued = await world.issue(userId, 'Early.Bird@late-blocked.example');
      const counted = await world.counted('address_blocked');
      const entry = { pattern: 'late-blocked.example', kind: 'domain', created_at: '2026-01-01 00:00:00.000' };
      await world.database.transaction((tx) => tx.insert('email_blacklist', entry));
      const mail = { from_address: issued.email, codes: [issued.code] };
      expect(await world.hand(mail)).toEqual({ outcome: 'address_blocked', user_id: userId });
      expect(await world.emailOf(userId)).toEqual({ email: null, email_canonical: null });
      expect(await world.state(issued)).toMatchObject({ status: 'refused', refusal: 'address_blocked' });
      expect(await world.counted('address_blocked')).toBe(counted + 1);
      await eventually(() =>
        expect(world.heard('user.email_verification_refused.v1', userId)).toMatchObject([
          { reason: 'address_blocked' },
        ]),
      );
      // Its code is over, whatever becomes of the entry.
      await world.database.transaction((tx) =>
        tx.execute('DELETE FROM email_blacklist WHERE pattern = ?', [entry.pattern]),
      );
      expect(await world.hand(mail)).toMatchObject({ outcome: 'late_code' });
    });

    it('that is bound is told to its owner and refused to others, in every spelling', async () => {
      const owner = await world.addMember();
      await bind(owner, 'Carl.Gauss+club@gmail.com');
      await expect(world.issue(owner, 'carlgauss@googlemail.com')).rejects.toMatchObject({
        errorName: 'verification.already_bound',
      });
      await expect(world.issue(await world.addMember(), 'c.arlgauss@gmail.com')).rejects.toMatchObject({
        errorName: 'verification.address_taken',
      });
    });

    it('belongs to one member, however many prove it at once', async () => {
      const email = freshAddress();
      const members = await Promise.all(Array.from({ length: 200 }, () => world.addMember()));
      const issued = await Promise.all(members.map((userId) => world.issue(userId, email)));
      const results = await Promise.all(
        issued.map(({ code }, index) => world.hand({ from_address: email, codes: [code] }, { folder: `Box ${index}` })),
      );
      const bound = results.filter(({ outcome }) => outcome === 'bound');
      expect(bound).toHaveLength(1);
      const owners = await world.database.reader.query('SELECT id FROM users WHERE email = ?', [email]);
      expect(owners).toEqual([{ id: bound[0]?.user_id }]);
      await eventually(() => {
        const heard = world.heard('user.email_bound.v1').filter((payload) => payload['email'] === email);
        expect(heard).toHaveLength(1);
      });
    });
  });

  describe('undoing', () => {
    it('works once', async () => {
      const userId = await world.addMember();
      const email = freshAddress();
      const { issued, undoToken } = await bind(userId, email);
      const settled = await Promise.allSettled([world.undo(undoToken), world.undo(undoToken), world.undo(undoToken)]);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await world.emailOf(userId)).toEqual({ email: null, email_canonical: null });
      expect(await world.state(issued)).toMatchObject({ status: 'refused', refusal: 'undone' });
      await eventually(() =>
        expect(world.heard('user.email_unbound.v1', userId)).toEqual([{ user_id: userId, email, reason: 'undo_link' }]),
      );
      await bind(await world.addMember(), email);
    });

    it('works for 24 hours', async () => {
      const userId = await world.addMember();
      const { undoToken } = await bind(userId, freshAddress());
      await world.pass(24 * hourMs);
      const errorName = 'verification.undo_not_possible';
      await expect(world.undo(undoToken)).rejects.toMatchObject({ errorName });
      await expect(world.undo('x'.repeat(43))).rejects.toMatchObject({ errorName });
      expect((await world.emailOf(userId))?.email).not.toBeNull();
    });

    it('leaves an address alone that was bound by another verification since', async () => {
      const userId = await world.addMember();
      const { undoToken } = await bind(userId, freshAddress());
      const newer = freshAddress();
      await bind(userId, newer);
      await expect(world.undo(undoToken)).rejects.toMatchObject({ errorName: 'verification.undo_not_possible' });
      expect(await world.emailOf(userId)).toMatchObject({ email: newer });
    });
  });

  describe('who may do what', () => {
    it('shows a verification to its member alone', async () => {
      const issued = await world.issue(await world.addMember(), freshAddress());
      const stranger = { ...issued, userId: await world.addMember() };
      await expect(world.state(stranger)).rejects.toMatchObject({ errorName: 'verification.not_found' });
    });

    it('takes mails from the listener alone', async () => {
      const userId = await world.addMember();
      const issued = await world.issue(userId, freshAddress());
      const mail = { from_address: issued.email, codes: [issued.code] };
      await expect(world.hand(mail, { call: memberCall(userId) })).rejects.toMatchObject({
        errorName: 'auth.forbidden',
      });
    });

    it('gives banned members no code and binds nothing to them', async () => {
      const errorName = 'user.banned';
      await expect(world.issue(await world.addMember(2), freshAddress())).rejects.toMatchObject({ errorName });
      const userId = await world.addMember();
      const issued = await world.issue(userId, freshAddress());
      await world.database.transaction((tx) => tx.execute('UPDATE users SET status = 2 WHERE id = ?', [userId]));
      expect(await world.hand({ from_address: issued.email, codes: [issued.code] })).toMatchObject({
        outcome: 'discarded',
      });
    });
  });
});
