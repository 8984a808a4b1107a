import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AddToEmailBlacklist,
  CheckEmailAddress,
  ConfirmEmailCode,
  EmailBlacklistEntryAdded,
  EmailBlacklistEntryRemoved,
  EmailBound,
  EmailCodeIssued,
  EmailCodeRefused,
  ListEmailBlacklist,
  RemoveFromEmailBlacklist,
  SendEmailCode,
  StartEmailVerification,
  UndoEmailBinding,
} from '#contracts';
import { encryptionEnvironment, FieldCipher, openCode } from '#encryption';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall } from '#testing/service.host';
import { PhoneWorld, restCall, type PhonePerson } from '../phone/phone-world.fixture.js';

const minuteMs = 60_000;
const otherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

onEachDatabase('mailed codes and the blacklist', (engine) => {
  let world: PhoneWorld;
  let offsetMs = 0;
  let count = 0;
  beforeAll(async () => {
    world = await PhoneWorld.start(engine);
  });
  afterAll(() => world.host.stop());
  const freshAddress = (): string => `Reader.${(count += 1)}@mail${count}.example`;
  const send = ({ userId }: PhonePerson, email: string) =>
    world.host.client.command(SendEmailCode, { email }, restCall(userId));
  const confirm = ({ userId }: PhonePerson, id: string, code: string) =>
    world.host.client.command(ConfirmEmailCode, { id, code }, restCall(userId));
  const codeOf = async (id: string): Promise<{ to: string; code: string }> => {
    const issued = await eventually(() => {
      const found = world.host.payloadsOf(EmailCodeIssued).find((event) => event.verification_id === id);
      if (!found) throw new Error('no code yet');
      return found;
    });
    const ring = encryptionEnvironment.ENCRYPTION_KEYS.parse(world.keys.ENCRYPTION_KEYS);
    return openCode(new FieldCipher(ring), id, issued.sealed_code);
  };

  describe('a mailed code', () => {
    it('U-09: binds the address it was mailed to, once, and can be undone', async () => {
      const person = await world.person();
      const email = freshAddress();
      const { id } = await send(person, email);
      const { to, code } = await codeOf(id);
      expect(to).toBe(email);
      await confirm(person, id, ` ${code.slice(0, 3)}-${code.slice(3)} `);
      await expect(confirm(person, id, code)).rejects.toMatchObject({ errorName: 'verification.code_over' });
      const bound = await eventually(() => {
        const [event] = world.host.payloadsOf(EmailBound).filter(({ user_id }) => user_id === person.userId);
        if (!event) throw new Error('not bound yet');
        return event;
      });
      expect(bound).toMatchObject({ email, verification_id: id });
      const undo = { token: bound.undo_token };
      await world.host.client.command(UndoEmailBinding, undo, callOf({ kind: 'visitor' }));
      await send(await world.person(), email);
    });

    it('U-09: shares uniqueness and limits with reverse verification', async () => {
      const [ann, bob] = [await world.person(), await world.person()];
      const email = `club${(count += 1)}.x@gmail.com`;
      const { id } = await send(ann, email);
      await confirm(ann, id, (await codeOf(id)).code);
      const spelling = email.replace('.x@', 'x+tag@');
      for (const start of [
        () => send(bob, spelling),
        () => world.host.client.command(StartEmailVerification, { email: spelling }, restCall(bob.userId)),
      ]) {
        await expect(start()).rejects.toMatchObject({ errorName: 'verification.address_taken' });
      }
      const other = freshAddress();
      for (let wish = 0; wish < 5; wish += 1) {
        if (wish % 2 === 0) await send(bob, other);
        else await world.host.client.command(StartEmailVerification, { email: other }, restCall(bob.userId));
      }
      await expect(send(bob, other)).rejects.toMatchObject({ errorName: 'verification.too_many_codes' });
    });

    it('U-09: an address gets five an hour, however many members name it', async () => {
      const email = freshAddress();
      const people = await Promise.all(Array.from({ length: 12 }, () => world.person()));
      const sent = await Promise.allSettled(people.map((person) => send(person, email)));
      expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    });

    it('U-09: five wrong codes lock out, and lock nobody else out', async () => {
      const [person, other] = [await world.person(), await world.person()];
      const email = freshAddress();
      const { id } = await send(person, email);
      const { code } = await codeOf(id);
      const tries: unknown[] = [];
      for (const typed of ['nonsense', ...Array.from({ length: 5 }, () => otherCode(code))]) {
        tries.push(await confirm(person, id, typed).catch((error: { params: unknown }) => error.params));
      }
      expect(tries).toEqual([5, 4, 3, 2, 1, 0].map((left) => ({ tries_left: left })));
      await expect(confirm(person, id, code)).rejects.toMatchObject({ errorName: 'verification.locked_out' });
      await eventually(() => {
        const refused = world.host.payloadsOf(EmailCodeRefused).filter(({ user_id }) => user_id === person.userId);
        expect(refused.map(({ reason }) => reason).at(-1)).toBe('locked_out');
      });
      const again = await send(other, email);
      await confirm(other, again.id, (await codeOf(again.id)).code);
    });

    it('U-09: is its member’s alone, and over after ten minutes', async () => {
      const [ann, bob] = [await world.person(), await world.person()];
      const { id } = await send(ann, freshAddress());
      const { code } = await codeOf(id);
      await expect(confirm(bob, id, code)).rejects.toMatchObject({ errorName: 'verification.not_found' });
      await world.host.moveClock((offsetMs += 10 * minuteMs));
      await expect(confirm(ann, id, code)).rejects.toMatchObject({ errorName: 'verification.code_over' });
    });

    it('U-09: belongs to one of 200 members who type their codes at once', async () => {
      const email = freshAddress();
      const people = await Promise.all(Array.from({ length: 5 }, () => world.person()));
      const codes = await Promise.all(people.map(async (person) => ({ person, ...(await send(person, email)) })));
      const typed = await Promise.all(codes.map(async (issued) => ({ ...issued, ...(await codeOf(issued.id)) })));
      // Only five codes go to one address in an hour: each is typed forty times.
      const attempts = Array.from({ length: 40 }, () => typed).flat();
      const settled = await Promise.allSettled(attempts.map(({ person, id, code }) => confirm(person, id, code)));
      expect(attempts).toHaveLength(200);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  describe('the blacklist', () => {
    const admin = memberCall(1, 'admin', { stepped_up: true });
    const add = (kind: 'address' | 'domain' | 'pattern', pattern: string, call = admin) =>
      world.host.client.command(AddToEmailBlacklist, { kind, pattern, note: 'test' }, call);
    const blocked = async (): Promise<number | undefined> => {
      const counter = world.host.service.runtime.metrics.registry.getSingleMetric('coser_email_verifications_total');
      return (await counter?.get())?.values.find(({ labels }) => labels['outcome'] === 'address_blocked')?.value;
    };

    it('U-08: entries of admins forbid addresses in every spelling, until they are taken off', async () => {
      const person = await world.person();
      const entries = [
        await add('address', 'B.ad.Actor+1@Gmail.com'),
        await add('domain', '@Bad-Domain.example'),
        await add('pattern', 'promo*@*.shop.example'),
      ];
      const blocked = ['badactor@googlemail.com', 'x@deep.bad-domain.example', 'promo99@a.shop.example'];
      for (const [index, email] of blocked.entries()) {
        await expect(send(person, email)).rejects.toMatchObject({ errorName: 'verification.address_blocked' });
        const check = await world.host.client.query(CheckEmailAddress, { email }, admin);
        expect(check).toEqual({ blocked_by: entries[index]?.kind, pattern: entries[index]?.pattern });
      }
      for (const { id } of entries) await world.host.client.command(RemoveFromEmailBlacklist, { id }, admin);
      for (const email of blocked) await send(await world.person(), email);
      await eventually(() => {
        const added = world.host.payloadsOf(EmailBlacklistEntryAdded).map(({ entry_id }) => entry_id);
        const removed = world.host.payloadsOf(EmailBlacklistEntryRemoved).map(({ entry_id }) => entry_id);
        expect([added, removed]).toEqual([entries.map(({ id }) => id), entries.map(({ id }) => id)]);
      });
    });

    it('U-08, U-09: an address that is put on it after its code was mailed is not bound', async () => {
      const person = await world.person();
      const email = freshAddress();
      const { id } = await send(person, email);
      const { code } = await codeOf(id);
      const counted = await blocked();
      const entry = await add('address', email);
      await expect(confirm(person, id, code)).rejects.toMatchObject({ errorName: 'verification.address_blocked' });
      expect(await blocked()).toBe(Number(counted) + 1);
      await world.host.client.command(RemoveFromEmailBlacklist, { id: entry.id }, admin);
      await confirm(person, id, code);
    });

    it('U-08: the maintained list of disposable domains is behind it', async () => {
      const found = await world.host.client.query(CheckEmailAddress, { email: 'a@sub.mailinator.com' }, admin);
      expect(found).toEqual({ blocked_by: 'disposable', pattern: 'mailinator.com' });
      expect(await world.host.client.query(CheckEmailAddress, { email: 'a@gmail.com' }, admin)).toEqual({
        blocked_by: null,
        pattern: null,
      });
    });

    it('U-08: is refused what it has, what is none, and what is gone', async () => {
      const { id } = await add('domain', 'twice.example');
      await expect(add('domain', 'TWICE.example')).rejects.toMatchObject({ errorName: 'blacklist.entry_exists' });
      await expect(add('pattern', '*')).rejects.toMatchObject({ errorName: 'blacklist.entry_invalid' });
      await world.host.client.command(RemoveFromEmailBlacklist, { id }, admin);
      await expect(world.host.client.command(RemoveFromEmailBlacklist, { id }, admin)).rejects.toMatchObject({
        errorName: 'blacklist.entry_unknown',
      });
    });

    it('U-08: is listed by kind and text, where % and _ are plain characters', async () => {
      await add('pattern', 'odd_one%*');
      await add('pattern', 'oddxone%%*');
      const list = await world.host.client.query(ListEmailBlacklist, { search: 'ODD_one%', kind: 'pattern' }, admin);
      expect(list.items.map(({ pattern, note }) => [pattern, note])).toEqual([['odd_one%*', 'test']]);
      expect(list.total).toBe(1);
    });

    it('U-08: is for admins', async () => {
      const { userId } = await world.person();
      const member = restCall(userId);
      await expect(add('domain', 'mine.example', member)).rejects.toMatchObject({ errorName: 'auth.forbidden' });
      await expect(world.host.client.query(ListEmailBlacklist, {}, member)).rejects.toMatchObject({
        errorName: 'auth.forbidden',
      });
    });
  });
});
