import { afterAll, beforeAll, expect, it } from 'vitest';
import { FindUsers, foundUsersAtMost, GetUser, MeetUser } from '#contracts';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { startUserHost, visitor } from '../user-host.fixture.js';

const admin = memberCall(900, 'admin');

onEachDatabase('finding users', (engine) => {
  let host: ServiceHost;
  const meet = async (telegram_id: string, first_name: string, username: string | null = null) =>
    (await host.client.command(MeetUser, { telegram_id, first_name, username }, visitor)).profile;
  const find = async (query: string) =>
    (await host.client.query(FindUsers, { query }, admin)).items.map(({ id }) => id);

  beforeAll(async () => {
    host = await startUserHost(engine);
  });
  afterAll(() => host.stop());

  it('B-04: admins find somebody by whatever they know', async () => {
    const mila = await meet('555001', 'Mila', 'mila_cos');
    const twin = await meet('555002', 'Milana', null);
    expect(await find(String(mila.id))).toContain(mila.id);
    expect(await find(`#${mila.id}`)).toEqual([mila.id]);
    expect(await find('555001')).toContain(mila.id);
    expect(await find('@Mila_Cos')).toEqual([mila.id]);
    expect(await find('mila')).toEqual([twin.id, mila.id]);
    expect(await find('Milan')).toEqual([twin.id]);
    for (const nobody of ['%', '_ila', '#999999', '@nobody', 'a@b', '0', '-100555001']) {
      expect([nobody, await find(nobody)]).toEqual([nobody, []]);
    }
    expect(await host.client.query(GetUser, { user_id: mila.id }, admin)).toMatchObject({ first_name: 'Mila' });
    await expect(host.client.query(GetUser, { user_id: 999_999 }, admin)).rejects.toMatchObject({
      errorName: 'user.not_found',
    });
  });

  it('B-04: a long list says that there are more; nobody else may search', async () => {
    for (let count = 0; count <= foundUsersAtMost; count += 1) await meet(`666${count}`, `Crowd ${count}`);
    const found = await host.client.query(FindUsers, { query: 'Crowd' }, admin);
    expect(found.items).toHaveLength(foundUsersAtMost);
    expect(found.more).toBe(true);
    for (const query of [FindUsers, GetUser] as const) {
      const input = { query: 'Crowd', user_id: 1 };
      await expect(host.client.query(query, input, memberCall(1))).rejects.toMatchObject({
        errorName: 'auth.forbidden',
      });
    }
  });
});
