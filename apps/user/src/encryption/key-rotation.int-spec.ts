import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { expect, it } from 'vitest';
import { ConfirmSecondFactor, CreateConsoleAccount, EncryptedFieldsRotated, StartSecondFactor } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase, onMysql } from '#testing/engines';
import { callOf, memberCall } from '#testing/service.host';
import { freshNumber, PhoneWorld, type Keys, type PhonePerson } from '../phone/phone-world.fixture.js';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const keysOf = (encryption: string[], index: string[]): Keys => ({
  ENCRYPTION_KEYS: encryption.join(),
  BLIND_INDEX_KEYS: index.join(),
});

onEachDatabase('the rotation of keys', (engine) => {
  const [old, fresh] = [key('old'), key('fresh')];
  const [first, second] = [key('1'), key('2')];

  /** Runs the service with these keys, does something, and stops it. */
  const during = async (keys: Keys, act: (world: PhoneWorld) => Promise<void>): Promise<void> => {
    const world = await PhoneWorld.start(engine, keys);
    try {
      await act(world);
    } finally {
      await world.host.stop();
    }
  };
  const stored = async (world: PhoneWorld, { userId }: PhonePerson): Promise<string> =>
    String((await world.rows('user_phones', userId))[0]?.['phone']);
  const versions = async (world: PhoneWorld, { userId }: PhonePerson): Promise<number[]> =>
    (await world.rows('user_phone_indexes', userId)).map(({ version }) => Number(version)).sort();

  const storedSecret = async (world: PhoneWorld, { userId }: PhonePerson): Promise<string> =>
    String((await world.rows('console_accounts', userId))[0]?.['totp_secret']);

  /** Gives the member an account of the console, and its second factor a secret. */
  async function secondFactorOf({ host }: PhoneWorld, { userId }: PhonePerson): Promise<string> {
    const platform = callOf({ kind: 'system', name: 'test' });
    await host.client.command(CreateConsoleAccount, { user_id: userId, username: `rotated.${userId}` }, platform);
    const owner = memberCall(userId, 'member', { stepped_up: true });
    return (await host.client.command(StartSecondFactor, {}, owner)).secret;
  }

  it('O-04: moves numbers and their index to the newest keys, and the old ones can go', async () => {
    const number = freshNumber();
    const people: PhonePerson[] = [];
    let shown: unknown;
    let secret = '';
    await during(keysOf([old], [first]), async (world) => {
      for (let count = 0; count < 60; count += 1) people.push(await world.person());
      const [owner, ...others] = people as [PhonePerson, ...PhonePerson[]];
      await world.bindBySms(owner, number);
      await Promise.all(
        others.map(async (person) => [await world.ask(person), await world.share(person, freshNumber())]),
      );
      shown = await world.phoneOf(owner);
      expect(await stored(world, owner)).toMatch(/^v1:old:/);
      secret = await secondFactorOf(world, owner);
      expect(await storedSecret(world, owner)).toMatch(/^v1:old:/);
    });
    const [owner, stranger] = people as [PhonePerson, PhonePerson];
    await during(keysOf([fresh, old], [second, first]), async (world) => {
      await eventually(async () => {
        for (const person of people) {
          expect(await stored(world, person)).toMatch(/^v1:fresh:/);
          expect(await versions(world, person)).toEqual([1, 2]);
        }
        expect(await storedSecret(world, owner)).toMatch(/^v1:fresh:/);
      });
      await eventually(() => {
        const events = world.host.payloadsOf(EncryptedFieldsRotated);
        const rewritten = (field: string) =>
          events.filter((event) => event.field === field).reduce((sum, event) => sum + event.rewritten, 0);
        expect(rewritten('user_phones.phone')).toBe(60);
        expect(rewritten('user_phone_indexes')).toBe(60);
        expect(rewritten('console_accounts.totp_secret')).toBe(1);
      });
    });
    await during(keysOf([fresh], [second]), async (world) => {
      expect(await world.phoneOf(owner)).toEqual(shown);
      const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
      const confirmed = await world.host.client.command(ConfirmSecondFactor, { code }, memberCall(owner.userId));
      expect(confirmed.recovery_codes).toHaveLength(10);
      await expect(world.start(stranger, number)).rejects.toMatchObject({ errorName: 'phone.taken' });
    });
  });

  it('O-04: a field whose key is gone is left alone, counted, and readable again when the key is back', async () => {
    const number = freshNumber();
    const lost = key('lost');
    let person: PhonePerson | undefined;
    await during(keysOf([lost], [second]), async (world) => {
      person = await world.person();
      await world.bindBySms(person, number);
    });
    await during(keysOf([fresh], [second]), async (world) => {
      const { registry } = world.host.service.runtime.metrics;
      await eventually(async () =>
        expect(await registry.metrics()).toMatch(
          /coser_encrypted_fields_unreadable\{.*field="user_phones.phone".*\} 1/,
        ),
      );
    });
    await during(keysOf([fresh, lost], [second]), async (world) => {
      await eventually(async () => expect(await stored(world, person as PhonePerson)).toMatch(/^v1:fresh:/));
    });
  });
});

onMysql('two settings side by side', (engine) => {
  it('O-04: while two settings run side by side, a number still belongs to one member', async () => {
    const [encryption, shared] = [key('a'), key('1')];
    const before = await PhoneWorld.start(engine, keysOf([encryption], [shared]));
    const after = await PhoneWorld.start(engine, keysOf([encryption], [key('2'), shared]));
    const number = freshNumber();
    const people = await Promise.all(Array.from({ length: 20 }, () => before.person()));
    await Promise.all(people.map((person) => before.ask(person)));
    const settled = await Promise.allSettled(
      people.map((person, index) => (index % 2 === 0 ? before : after).share(person, number)),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await before.host.stop();
    await after.host.stop();
  });
});
