import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { VerificationWorld } from './verification-world.fixture.js';

const renewedEvent = 'user.canonical_address_renewed.v1';
const createdAt = '2026-01-01 00:00:00.000';

onEachDatabase('canonical addresses from before today’s rules', (engine) => {
  let world: VerificationWorld;
  beforeAll(async () => {
    world = await VerificationWorld.start(engine.place);
    await roundDone();
  });
  afterAll(() => world.end());

  const write = (sql: string, values: readonly (string | number)[]) =>
    world.database.transaction((tx) => tx.execute(sql, values));
  /** Binds the address, and stores it as older rules made it canonical. */
  async function boundBefore(email: string, canonical: string): Promise<{ userId: number; undoToken: string }> {
    const userId = await world.addMember();
    const issued = await world.issue(userId, email);
    expect(await world.hand({ from_address: email, codes: [issued.code] })).toMatchObject({ outcome: 'bound' });
    await write('UPDATE users SET email_canonical = ? WHERE id = ?', [canonical, userId]);
    await write('UPDATE email_verifications SET email_canonical = ? WHERE user_id = ?', [canonical, userId]);
    const [bound] = await eventually(() => {
      const heard = world.heard('user.email_bound.v1', userId);
      expect(heard).toHaveLength(1);
      return heard;
    });
    return { userId, undoToken: String(bound?.['undo_token']) };
  }
  const listed = async (): Promise<string[]> =>
    (await world.database.reader.query<{ pattern: string }>('SELECT pattern FROM email_blacklist ORDER BY id')).map(
      ({ pattern }) => pattern,
    );
  /** The round at the start goes on beside whoever has started the service: what is written meanwhile it may find, or not. */
  const roundDone = () =>
    eventually(async () =>
      expect(await world.metric('coser_job_rounds_total{job="canonical-addresses",outcome="done"')).toBe(1),
    );
  async function restart(): Promise<void> {
    await world.close();
    await world.open();
    await roundDone();
  }
  const canonicalOf = async (userId: number): Promise<string | null | undefined> =>
    (await world.emailOf(userId))?.email_canonical;

  it('U-08: are renewed at the start, each mailbox is one member’s, and nothing is lost', async () => {
    const ann = await boundBefore('A.nn+club@ya.ru', 'a.nn@ya.ru');
    const first = await boundBefore('bob@protonmail.com', 'bob@protonmail.com');
    const second = await boundBefore('Bob@pm.me', 'bob@pm.me');
    const right = await boundBefore('carl@mail.example', 'carl@mail.example');
    const entries = ['dora@me.com', 'eve@pm.me', 'eve@proton.me'].map((pattern) => ({ pattern, note: 'test' }));
    for (const entry of entries) {
      const row = { ...entry, kind: 'address', created_at: createdAt };
      await world.database.transaction((tx) => tx.insert('email_blacklist', row));
    }
    await restart();
    expect(await canonicalOf(ann.userId)).toBe('a-nn@yandex.ru');
    expect(await canonicalOf(right.userId)).toBe('carl@mail.example');
    expect([await canonicalOf(first.userId), await canonicalOf(second.userId)]).toEqual(['bob@proton.me', 'bob@pm.me']);
    expect(await world.emailOf(second.userId)).toMatchObject({ email: 'Bob@pm.me' });
    expect(await listed()).toEqual(['dora@icloud.com', 'eve@proton.me']);
    expect(await world.metric('coser_canonical_addresses_clashing')).toBe(1);
    expect(await world.metric('coser_canonical_addresses_renewed_total')).toBe(4);
    await eventually(() => {
      expect(world.heard(renewedEvent)).toMatchObject([{ user_id: ann.userId }, { user_id: first.userId }]);
      expect(world.heard('user.email_blacklist_entry_added.v1')).toMatchObject([{ pattern: 'dora@icloud.com' }]);
      const removed = world.heard('user.email_blacklist_entry_removed.v1').map(({ pattern }) => pattern);
      expect(removed).toEqual(['dora@me.com', 'eve@pm.me']);
    });
    await expect(world.issue(await world.addMember(), 'a.nn@yandex.com')).rejects.toMatchObject({
      errorName: 'verification.address_taken',
    });

    // Who has taken the binding back leaves the mailbox to the other, at the next round.
    await world.undo(first.undoToken);
    await restart();
    expect(await canonicalOf(second.userId)).toBe('bob@proton.me');
    expect(await world.metric('coser_canonical_addresses_clashing')).toBe(0);
    expect(await world.metric('coser_canonical_addresses_renewed_total')).toBe(1);
    await world.undo(ann.undoToken);
    expect(await canonicalOf(ann.userId)).toBeNull();
  });
});
