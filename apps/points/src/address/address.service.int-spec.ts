import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AddAddress,
  AddressBookChanged,
  ChangeAddress,
  ExportPointsData,
  ListAddresses,
  RemoveAddress,
  SetDefaultAddress,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall } from '#testing/service.host';
import { outcomes, ShopPlace, someAddress } from '../shop/shop.fixture.js';

onEachDatabase('address books', (engine) => {
  const place = new ShopPlace();
  const book = async (userId: number) => (await place.host.client.query(ListAddresses, {}, memberCall(userId))).items;
  beforeAll(() => place.start(engine));
  afterAll(() => place.stop());

  it('P-07: keeps addresses, one of them the default, and nothing of them readable in the database or the events', async () => {
    const first = await place.address(1);
    expect(first.is_default).toBe(true);
    const second = await place.address(1, { city: 'Пермь', tag: 'work', is_default: true });
    expect((await book(1)).map(({ id, is_default, city }) => [id, is_default, city])).toEqual([
      [second.id, true, 'Пермь'],
      [first.id, false, 'Екатеринбург'],
    ]);
    const stored = await place.one<{ sealed: string }>('SELECT sealed FROM addresses WHERE id = ?', [first.id]);
    expect(stored?.sealed).toMatch(/^v1:/);
    await eventually(() => {
      const told = place.host.events.filter(({ name }) => name === AddressBookChanged.name);
      expect(told).toHaveLength(2);
      expect(JSON.stringify(told)).not.toMatch(/Екатеринбург|Петрова|9123456789/);
    });
  });

  it('O-04: what a command answers holds no personal data, for replies are remembered', async () => {
    await place.host.client.command(AddAddress, someAddress, memberCall(2), { idempotencyKey: 'kept' });
    const inbox = await place.one<{ total: number | string }>(
      "SELECT COUNT(*) AS total FROM inbox WHERE reply LIKE '%Петрова%' OR reply LIKE '%9123456789%'",
    );
    expect(Number(inbox?.total)).toBe(0);
  });

  it('P-07: when the default goes, the oldest one left takes its place', async () => {
    const [first, second, third] = [await place.address(3), await place.address(3), await place.address(3)];
    const command = place.host.client.command.bind(place.host.client);
    await command(SetDefaultAddress, { id: third.id }, memberCall(3));
    await command(RemoveAddress, { id: third.id }, memberCall(3));
    expect((await book(3)).map(({ id, is_default }) => [id, is_default])).toEqual([
      [first.id, true],
      [second.id, false],
    ]);
    const changed = { ...someAddress, id: second.id, city: 'Омск', is_default: true };
    expect(await command(ChangeAddress, changed, memberCall(3))).toEqual({ id: second.id, is_default: true });
    await command(RemoveAddress, { id: second.id }, memberCall(3));
    await command(RemoveAddress, { id: first.id }, memberCall(3));
    expect(await book(3)).toEqual([]);
    expect((await place.address(3)).is_default).toBe(true);
  });

  it('P-07: 40 addresses at once: 20 fit, one is the default', async () => {
    const { done, refusals } = await outcomes(Array.from({ length: 40 }, () => place.address(4, { is_default: true })));
    expect([done, refusals]).toEqual([20, new Set(['address.too_many'])]);
    const items = await book(4);
    expect(items).toHaveLength(20);
    expect(items.filter(({ is_default }) => is_default)).toHaveLength(1);
  });

  it('U-15: the archive of a member has the own addresses in the clear, and those of orders', async () => {
    const { id } = await place.address(6, { tag: 'work' });
    const item = await place.item({ exchange_type: 'product', stock: 5 });
    await place.give(6, 100);
    const order = await place.buy(6, item.id, { address_id: id });
    const archive = (section: string) =>
      place.host.client.query(ExportPointsData, { section, offset: 0, limit: 10 }, memberCall(6));
    const readable = { ...someAddress, phone: '+79123456789' };
    expect((await archive('addresses')).rows).toMatchObject([{ id, tag: 'work', address: readable }]);
    const kept = await archive('points_exchange_addresses');
    expect(kept.rows).toEqual([{ order_id: order.id, address: expect.objectContaining(readable) as object }]);
    expect(JSON.stringify(kept)).not.toContain('v1:');
    // What cannot be read any more does not keep the rest from its owner.
    await place.host.database.transaction((tx) =>
      tx.execute("UPDATE addresses SET sealed = 'v1:lost:AAAA:AAAA' WHERE id = ?", [id]),
    );
    expect((await archive('addresses')).rows).toMatchObject([{ id, tag: 'work', address: null }]);
  });

  it('P-07: refuses nonsense, and other people’s addresses', async () => {
    const { id } = await place.address(5);
    const client = place.host.client;
    await expect(place.address(5, { phone: 'call me' })).rejects.toMatchObject({ errorName: 'address.phone_invalid' });
    await expect(place.address(5, { country: 'XX' })).rejects.toMatchObject({ errorName: 'address.country_unknown' });
    await expect(place.address(5, { name: ' ' })).rejects.toMatchObject({ errorName: 'request.invalid' });
    for (const contract of [RemoveAddress, SetDefaultAddress])
      await expect(client.command(contract, { id }, memberCall(6))).rejects.toMatchObject({
        errorName: 'address.unknown',
      });
    await expect(client.command(ChangeAddress, { ...someAddress, id }, memberCall(6))).rejects.toMatchObject({
      errorName: 'address.unknown',
    });
  });
});
