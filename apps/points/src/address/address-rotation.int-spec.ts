import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { AddressesReencrypted, ListAddresses } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall } from '#testing/service.host';
import { ShopPlace } from '../shop/shop.fixture.js';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

onEachDatabase('the rotation of keys', (engine) => {
  const [old, fresh] = [key('old'), key('fresh')];

  /** Runs the service with these keys, does something, and stops it. */
  const during = async (keys: string[], act: (place: ShopPlace) => Promise<void>): Promise<void> => {
    const place = new ShopPlace();
    await place.start(engine, { ENCRYPTION_KEYS: keys.join() });
    try {
      await act(place);
    } finally {
      await place.stop();
    }
  };
  const prefixes = (place: ShopPlace) =>
    place.one<{ total: number | string }>("SELECT COUNT(*) AS total FROM addresses WHERE sealed NOT LIKE 'v1:fresh:%'");

  it('O-04: moves addresses and those of orders to the newest key, and the old one can go', async () => {
    await during([old], async (place) => {
      await Promise.all(Array.from({ length: 120 }, (_, index) => place.address(1 + index)));
      const item = await place.item({ exchange_type: 'product' });
      await place.give(1, 10);
      await place.buy(1, item.id);
    });
    await during([fresh, old], async (place) => {
      await eventually(async () => expect(Number((await prefixes(place))?.total)).toBe(0));
      await eventually(() => {
        const told = place.host.payloadsOf(AddressesReencrypted);
        const sum = (table: string) =>
          told.filter(({ field }) => field.startsWith(table)).reduce((total, { rewritten }) => total + rewritten, 0);
        expect([sum('addresses.'), sum('points_exchange_addresses.')]).toEqual([120, 1]);
      });
    });
    await during([fresh], async (place) => {
      const { items } = await place.host.client.query(ListAddresses, {}, memberCall(1));
      expect(items).toMatchObject([{ city: 'Екатеринбург' }]);
    });
  });
});
