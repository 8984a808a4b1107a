import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

const id = z.coerce.number().int().min(1).max(999_999_999);
const page = z.coerce.number().int().min(1).max(100_000);

export const shelfPress = defineCallback('shop_shelf', z.object({ page }));
export const itemPress = defineCallback('shop_item', z.object({ id }));
/** Asks whether it is meant. */
export const exchangePress = defineCallback('shop_exchange', z.object({ id }));
/**
 * Price and address as they were shown, 0 for what goes nowhere. The mark is made anew for each question, so that one answer counts once
 * and the next question counts anew.
 */
export const confirmPress = defineCallback(
  'shop_confirm',
  z.object({
    id,
    points: z.coerce.number().int().min(1),
    address: z.coerce.number().int().min(0).max(999_999_999),
    mark: z.string().regex(/^[0-9a-f]{12}$/),
  }),
);

export const ordersPagePress = defineCallback('shop_orders', z.object({ page }));
export const orderPress = defineCallback('shop_order', z.object({ id }));
export const cancelOrderPress = defineCallback('shop_cancel', z.object({ id }));
export const receivedPress = defineCallback('shop_received', z.object({ id }));

/** Adds an address; `item` is what the member wanted to have, 0 for nothing. */
export const newAddressPress = defineCallback(
  'shop_address',
  z.object({ item: z.coerce.number().int().min(0).max(999_999_999) }),
);
export const defaultPress = defineCallback('shop_default', z.object({ id }));
export const removeAddressPress = defineCallback('shop_forget', z.object({ id }));

export const shopEntry: MenuEntry = {
  section: 'activities',
  order: 50,
  label: 'shop.buttons.shop',
  press: defineCallback('shop'),
  command: { name: 'shop', description: 'shop.commands.shop', scopes: ['private'] },
};

export const ordersEntry: MenuEntry = {
  section: 'activities',
  order: 60,
  label: 'shop.buttons.orders',
  press: defineCallback('orders'),
  command: { name: 'orders', description: 'shop.commands.orders', scopes: ['private'] },
};

export const addressesEntry: MenuEntry = {
  section: 'settings',
  order: 60,
  label: 'shop.buttons.addresses',
  press: defineCallback('addresses'),
};
