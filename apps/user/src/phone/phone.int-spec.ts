import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhoneBound, PhoneUnbound, PhoneVerificationRefused } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { freshNumber, PhoneWorld, restCall } from './phone-world.fixture.js';

const minuteMs = 60_000;
const otherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

onEachDatabase('phone binding', (engine) => {
  let world: PhoneWorld;
  let offsetMs = 0;
  const pass = (milliseconds: number) => world.host.moveClock((offsetMs += milliseconds));
  beforeAll(async () => {
    world = await PhoneWorld.start(engine);
  });
  afterAll(() => world.host.stop());
  const boundOf = (userId: number) => world.host.payloadsOf(PhoneBound).filter((payload) => payload.user_id === userId);

  describe('by SMS', () => {
    it('U-10: binds the number whose code is typed back, and stores it encrypted', async () => {
      const person = await world.person();
      const number = freshNumber();
      const started = await world.start(person, ` ${number.slice(0, 5)} ${number.slice(5)}`);
      expect(started.phone).toMatch(/^\+7 91\*{6}\d\d$/);
      const { to, code } = await world.codeOf(started.id);
      expect(to).toBe(number);
      const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
      expect(await world.confirm(person, started.id, spaced)).toMatchObject({ phone: started.phone });
      expect(await world.phoneOf(person)).toMatchObject({ phone: started.phone, method: 'sms' });
      const stored = JSON.stringify([
        await world.rows('user_phones', person.userId),
        await world.rows('user_phone_indexes', person.userId),
        await world.rows('phone_verifications', person.userId),
      ]);
      expect(stored).not.toContain(number.slice(4));
      expect(stored).not.toContain(code);
      await eventually(() => expect(boundOf(person.userId)).toHaveLength(1));
      const told = JSON.stringify(world.host.events.filter(({ change }) => change?.user_id === person.userId));
      expect(told).not.toContain(number.slice(4));
      expect(told).not.toContain(`"${code}"`);
      await expect(world.confirm(person, started.id, code)).rejects.toMatchObject({
        errorName: 'verification.code_over',
      });
    });

    it('U-10: takes a number without its country code where the country is named', async () => {
      const person = await world.person();
      const number = freshNumber();
      const { id } = await world.start(person, `8${number.slice(2)}`, 'RU');
      expect((await world.codeOf(id)).to).toBe(number);
      await expect(world.start(person, '010 6552 9988', 'CN')).rejects.toMatchObject({ errorName: 'phone.invalid' });
    });

    it('U-10: counts wrong codes, spares what is none, and locks out after five', async () => {
      const person = await world.person();
      const number = freshNumber();
      const { id } = await world.start(person, number);
      const { code } = await world.codeOf(id);
      const left = async (typed: string): Promise<unknown> =>
        world.confirm(person, id, typed).catch((error: { errorName: string; params: unknown }) => error.params);
      expect(await left('hello')).toEqual({ tries_left: 5 });
      for (const tries of [4, 3, 2, 1, 0]) expect(await left(otherCode(code))).toEqual({ tries_left: tries });
      await expect(world.confirm(person, id, code)).rejects.toMatchObject({ errorName: 'verification.locked_out' });
      await expect(world.start(person, freshNumber())).rejects.toMatchObject({ errorName: 'verification.locked_out' });
      await eventually(() => {
        const refused = world.host.payloadsOf(PhoneVerificationRefused);
        expect(refused.filter((event) => event.verification_id === id).at(-1)).toMatchObject({ reason: 'locked_out' });
      });
    });

    it('U-10: a code is over after ten minutes, and replaced by the next one', async () => {
      const person = await world.person();
      const number = freshNumber();
      const first = await world.start(person, number);
      const second = await world.start(person, number);
      const firstCode = (await world.codeOf(first.id)).code;
      await expect(world.confirm(person, first.id, firstCode)).rejects.toMatchObject({
        errorName: 'verification.code_over',
      });
      const { code } = await world.codeOf(second.id);
      await pass(10 * minuteMs);
      await expect(world.confirm(person, second.id, code)).rejects.toMatchObject({
        errorName: 'verification.code_over',
      });
    });

    it('U-10: five codes an hour for a member, and five for a number, whoever asks', async () => {
      const person = await world.person();
      const wishes = Array.from({ length: 8 }, () => world.start(person, freshNumber()));
      const refused = (await Promise.allSettled(wishes)).filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(3);
      const number = freshNumber();
      const people = await Promise.all(Array.from({ length: 12 }, () => world.person()));
      const asked = await Promise.allSettled(people.map((asking) => world.start(asking, number)));
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      for (const result of asked) {
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ errorName: 'verification.too_many_codes' });
      }
    });

    it("U-10: nobody sees or uses another's verification", async () => {
      const [ann, bob] = [await world.person(), await world.person()];
      const { id } = await world.start(ann, freshNumber());
      const { code } = await world.codeOf(id);
      await expect(world.confirm(bob, id, code)).rejects.toMatchObject({ errorName: 'verification.not_found' });
    });
  });

  describe('by Telegram contact', () => {
    it('U-10: binds the own contact that was asked for', async () => {
      const person = await world.person();
      const number = freshNumber();
      await world.ask(person);
      const { phone } = await world.share(person, number.slice(1));
      expect(await world.phoneOf(person)).toMatchObject({ phone, method: 'contact' });
      await expect(world.share(person, freshNumber())).rejects.toMatchObject({ errorName: 'phone.contact_not_asked' });
    });

    it.each([
      ["somebody else's card", { contact_user_id: '1' }],
      ['a card without an account', { contact_user_id: null }],
      ['a forwarded card', { forwarded: true }],
      ['a card in a group', { chat_type: 'supergroup' }],
    ])('U-10: refuses %s', async (_, changes) => {
      const person = await world.person();
      await world.ask(person);
      await expect(world.share(person, freshNumber(), changes)).rejects.toMatchObject({
        errorName: 'phone.contact_not_own',
      });
      expect(await world.phoneOf(person)).toMatchObject({ phone: null });
    });

    it('U-10: a contact nobody asked for, or asked for too long ago, binds nothing', async () => {
      const person = await world.person();
      const errorName = 'phone.contact_not_asked';
      await expect(world.share(person, freshNumber())).rejects.toMatchObject({ errorName });
      await world.ask(person);
      await pass(10 * minuteMs);
      await expect(world.share(person, freshNumber())).rejects.toMatchObject({ errorName });
      await world.ask(person);
      await world.share(person, freshNumber());
    });

    it('U-10: is taken from the bot alone', async () => {
      const person = await world.person();
      await world.ask(person);
      const overRest = world.share(person, freshNumber(), {}, restCall(person.userId));
      await expect(overRest).rejects.toMatchObject({ errorName: 'auth.forbidden' });
    });
  });

  it('U-10: a change frees the old number, unbinding frees the new one', async () => {
    const [ann, bob] = [await world.person(), await world.person()];
    const [first, second] = [freshNumber(), freshNumber()];
    await world.bindBySms(ann, first);
    await expect(world.start(ann, first)).rejects.toMatchObject({ errorName: 'phone.already_bound' });
    await expect(world.start(bob, first)).rejects.toMatchObject({ errorName: 'phone.taken' });
    await world.bindBySms(ann, second);
    await world.bindBySms(bob, first);
    await world.unbind(ann);
    await expect(world.unbind(ann)).rejects.toMatchObject({ errorName: 'phone.not_bound' });
    expect(await world.rows('user_phone_indexes', ann.userId)).toEqual([]);
    await eventually(() => {
      const unbound = world.host.payloadsOf(PhoneUnbound).filter((payload) => payload.user_id === ann.userId);
      expect(unbound.map(({ reason }) => reason)).toEqual(['replaced', 'member']);
      const [again] = boundOf(bob.userId);
      expect(again?.identity_hash).toBe(unbound[0]?.identity_hash);
      expect(unbound[1]?.identity_hash).not.toBe(unbound[0]?.identity_hash);
    });
  });

  it('U-10: a repeated request has its first answer', async () => {
    const person = await world.person();
    const number = freshNumber();
    await world.ask(person);
    const call = { ...restCall(person.userId), channel: 'bot' as const };
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.shareOnce(person, number, call)));
    expect(new Set(answers.map(({ phone }) => phone)).size).toBe(1);
    await eventually(() => expect(boundOf(person.userId)).toHaveLength(1));
  });

  it('U-10: 200 members prove one number at once, and one gets it', async () => {
    const number = freshNumber();
    const people = await Promise.all(Array.from({ length: 200 }, () => world.person()));
    await Promise.all(people.map((person) => world.ask(person)));
    const settled = await Promise.allSettled(people.map((person) => world.share(person, number)));
    const winners = people.filter((_, index) => settled[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const result of settled) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ errorName: 'phone.taken' });
    }
    const owners = await world.host.database.reader.query<{ user_id: number }>(
      'SELECT user_id FROM user_phone_indexes WHERE hash IN (SELECT hash FROM user_phone_indexes WHERE user_id = ?)',
      [winners[0]?.userId ?? 0],
    );
    expect(owners.map(({ user_id }) => Number(user_id))).toEqual([winners[0]?.userId]);
  });
});
