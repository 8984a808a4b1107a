import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { openStatuses, orderWishes } from './admin-order.rules.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(999_999_999);
const page = z.coerce.number().int().min(1).max(100_000);

/** The shop's orders (P-07): the same permissions as over REST. */
export const shopOrdersEntry: MenuEntry = {
  section: 'admin',
  order: 34,
  label: 'bot_shop.buttons.orders',
  press: defineCallback('a_orders'),
  isShown: mayDo('order.read'),
};

export const orderListPress = defineCallback('a_ord_list', z.object({ status: z.enum(openStatuses), page }));
export const orderCardPress = defineCallback('a_ord', z.object({ id }));
/** Does it, or asks for what is needed first: a tracking number, a code, a reason. */
export const orderWishPress = defineCallback('a_ord_do', z.object({ id, wish: z.enum(orderWishes) }));
/** Completes without a code for the member. */
export const orderNoCodePress = defineCallback('a_ord_plain', z.object({ id }));

export const shopItemsEntry: MenuEntry = {
  section: 'admin',
  order: 36,
  label: 'bot_shop.buttons.items',
  press: defineCallback('a_items'),
  isShown: mayDo('exchange.read'),
};

export const itemListPress = defineCallback('a_item_list', z.object({ page }));
/** `page` is the one of the list on which the item stands. */
export const itemCardPress = defineCallback('a_item', z.object({ id, page }));
/** Says what it shall be, so that a press that comes twice changes nothing. */
export const itemSwitchPress = defineCallback('a_item_set', z.object({ id, page, on: z.enum(['0', '1']) }));
export const itemStockPress = defineCallback('a_item_stock', z.object({ id, page }));
