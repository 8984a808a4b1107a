import type { GetExchange, ListAddresses, ListExchanges, OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import { formatDateTime, formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { addressLine } from './address.view.js';
import { membershipDaysLines, pointsText } from './amount.view.js';
import { menuButton } from './menu.view.js';
import {
  confirmPress,
  exchangePress,
  itemPress,
  newAddressPress,
  ordersPagePress,
  shelfPress,
} from './shop.keyboard.js';

type Item = OutputOf<typeof GetExchange>;
type Shelf = OutputOf<typeof ListExchanges>;
type Address = OutputOf<typeof ListAddresses>['items'][number];

/** What of the member decides whether an item can be had. */
export interface Purse {
  readonly available: number;
  readonly hasAddress: boolean;
}

export function shelfHtml(visit: Visit, { items, page, page_size, total }: Shelf, available: number): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('shop.shelf.title'),
    visit.html('shop.shelf.balance', { points: pointsText(visit, available) }),
    '',
    items.length > 0 ? visit.html('shop.shelf.choose') : visit.html('shop.shelf.empty'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function shelfButtons(visit: Visit, shelf: Shelf): ButtonRows {
  const items = shelf.items.map((item) => {
    const soldOut = item.status === 'out_of_stock' ? ` · ${visit.text('shop.item.sold_out')}` : '';
    const price = formatNumber(visit.locale, item.points_required);
    return [button(`${item.name[visit.locale]} · ${price}💰${soldOut}`, itemPress.pack({ id: item.id }))];
  });
  const orders = button(visit.text('shop.buttons.orders'), ordersPagePress.pack({ page: 1 }));
  return [...items, ...shelfTurning(visit, shelf), [orders, menuButton(visit)]];
}

function shelfTurning(visit: Visit, { page, page_size, total }: Shelf): ButtonRows {
  const before =
    page > 1 ? [button(visit.text('shop.buttons.previous_page'), shelfPress.pack({ page: page - 1 }))] : [];
  const after =
    page * page_size < total ? [button(visit.text('shop.buttons.next_page'), shelfPress.pack({ page: page + 1 }))] : [];
  return before.length + after.length > 0 ? [[...before, ...after]] : [];
}

export function itemHtml(visit: Visit, item: Item, purse: Purse, timezone: string): string {
  const description = item.description[visit.locale];
  return [
    `<b>${escapeHtml(item.name[visit.locale])}</b>`,
    visit.html(`shop.types.${item.exchange_type}`),
    ...membershipDaysLines(visit, item),
    ...(description ? ['', escapeHtml(description)] : []),
    '',
    visit.html('shop.item.price', { points: pointsText(visit, item.points_required) }),
    ...(item.stock === null ? [] : [visit.html('shop.item.stock', { amount: formatNumber(visit.locale, item.stock) })]),
    ...(item.ends_at === null
      ? []
      : [visit.html('shop.item.until', { until: formatDateTime(visit.locale, item.ends_at, timezone) })]),
    ...(item.left_for_me === null || item.left_for_me === item.stock
      ? []
      : [visit.html('shop.item.left', { amount: formatNumber(visit.locale, item.left_for_me) })]),
    '',
    obstacleHtml(visit, item, purse) ??
      visit.html('shop.item.affordable', { points: pointsText(visit, purse.available) }),
  ].join('\n');
}

/** Why the member cannot have it now; null when they can. */
function obstacleHtml(visit: Visit, item: Item, { available, hasAddress }: Purse): string | null {
  if (item.status === 'out_of_stock') return visit.html('shop.item.all_gone');
  if (item.status !== 'active') return visit.html('shop.item.not_now');
  if (item.left_for_me === 0) return visit.html('shop.item.limit_reached');
  const missing = item.points_required - available;
  if (missing > 0) return visit.html('shop.item.points_missing', { points: pointsText(visit, missing) });
  if (item.exchange_type === 'product' && !hasAddress) return visit.html('shop.item.address_missing');
  return null;
}

export function itemButtons(visit: Visit, item: Item, purse: Purse, share: ButtonRows[number][number]): ButtonRows {
  const { id } = item;
  const exchange = button(
    visit.text('shop.buttons.exchange', { points: pointsText(visit, item.points_required) }),
    exchangePress.pack({ id }),
  );
  const address = button(visit.text('shop.buttons.new_address'), newAddressPress.pack({ item: id }));
  const needsAddress = item.exchange_type === 'product' && !purse.hasAddress;
  const canHave = obstacleHtml(visit, item, purse) === null;
  const back = button(visit.text('shop.buttons.back_to_shop'), shelfPress.pack({ page: 1 }));
  return [...(needsAddress ? [[address]] : canHave ? [[exchange]] : []), [share], [back, menuButton(visit)]];
}

export function confirmHtml(visit: Visit, item: Item, available: number, address: Address | undefined): string {
  return [
    visit.html('shop.confirm.ask', {
      points: pointsText(visit, item.points_required),
      name: item.name[visit.locale],
    }),
    ...membershipDaysLines(visit, item),
    ...(address ? [visit.html('shop.confirm.address', { address: addressLine(address) })] : []),
    visit.html('shop.confirm.left', { points: pointsText(visit, Math.max(0, available - item.points_required)) }),
  ].join('\n');
}

export function confirmButtons(
  visit: Visit,
  { id, points_required: points }: Item,
  address: Address | undefined,
  mark: string,
): ButtonRows {
  const confirm = confirmPress.pack({ id, points, address: address?.id ?? 0, mark });
  return [
    [button(visit.text('shop.buttons.confirm'), confirm)],
    [button(visit.text('shop.buttons.back_to_item'), itemPress.pack({ id })), menuButton(visit)],
  ];
}
