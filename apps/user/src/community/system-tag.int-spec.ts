import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EmailBound, EmailUnbound, ListUserTags, UserTagsChanged } from '#contracts';
import { sqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { personOf, startUserHost } from '../user-host.fixture.js';

onEachDatabase('tags that the platform sets', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await startUserHost(engine);
  });
  afterAll(() => host.stop());

  const bind = (userId: number, email: string | null) =>
    host.database.transaction((tx) =>
      tx.execute('UPDATE users SET email = ?, email_canonical = ?, updated_at = ? WHERE id = ?', [
        email,
        email,
        sqlTime(new Date()),
        userId,
      ]),
    );
  const told = (user_id: number, email: string) => ({
    bound: () =>
      host.tell(EmailBound, {
        user_id,
        verification_id: randomUUID(),
        email,
        identity_hash: 'unused in this test',
        undo_token: 'unused in this test',
        undo_expires_at: new Date().toISOString(),
      }),
    unbound: () => host.tell(EmailUnbound, { user_id, email, reason: 'undo_link' }),
  });
  const tagsOf = async (user_id: number): Promise<string[]> =>
    (await host.client.query(ListUserTags, { user_id }, memberCall(900, 'admin'))).items.map(({ name }) => name);
  const changesOf = (user_id: number): boolean[] =>
    host.payloadsOf(UserTagsChanged).flatMap((change) => (change.user_id === user_id ? [change.has] : []));

  it('U-16: says by the account whether an address is verified, in whatever order the news come', async () => {
    const [ann, bob] = [await personOf(host, '1'), await personOf(host, '2')];
    const news = told(ann, 'ann@mail.example');
    await bind(ann, 'ann@mail.example');
    await news.bound();
    // That of an earlier binding, which was taken back since.
    await news.unbound();
    await bind(bob, 'bob@mail.example');
    await told(bob, 'bob@mail.example').bound();
    await eventually(async () => expect(await tagsOf(bob)).toEqual(['verified']));
    expect(await tagsOf(ann)).toEqual(['verified']);
    await bind(ann, null);
    await news.unbound();
    await news.bound();
    await bind(bob, null);
    await told(bob, 'bob@mail.example').unbound();
    await eventually(async () => expect(await tagsOf(bob)).toEqual([]));
    expect(await tagsOf(ann)).toEqual([]);
    await eventually(() => expect(changesOf(ann)).toEqual([true, false]));
  });
});
