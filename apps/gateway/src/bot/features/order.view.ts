import type { GetMyOrder, ListMyOrders, OrderStatus, OutputOf, PurchaseExchange } from '#contracts';
import { escapeHtml } from '#i18n';
import { formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { addressLine } from './address.view.js';
import { membershipDaysLines, pointsText } from './amount.view.js';
import { menuButton } from './menu.view.js';
import { cancelOrderPress, orderPress, ordersPagePress, receivedPress, shelfPress } from './shop.keyboard.js';

type Orders = OutputOf<typeof ListMyOrders>;
type Order = Orders['items'][number];

export const orderSigns: Record<OrderStatus, string> = {
  paid: '🕓',
  processing: '🧵',
  shipped: '🚚',
  delivered: '📬',
  completed: '✅',
  cancelled: '✖️',
  refunded: '↩️',
};

/** Whether days of membership can be given is decided a moment later, and told then. */
export function boughtHtml(visit: Visit, order: OutputOf<typeof PurchaseExchange>): string {
  const isOnItsWay = order.membership_days !== null && order.status === 'completed';
  const name = order.name[visit.locale];
  return [
    isOnItsWay ? visit.html('shop.membership.exchanged', { name }) : visit.html('shop.bought.title', { name }),
    ...stateLines(visit, order),
    ...(isOnItsWay ? [visit.html('shop.membership.soon')] : []),
    visit.html('bot.check_in.balance', { points: pointsText(visit, order.balance) }),
  ].join('\n');
}

export function ordersHtml(visit: Visit, { items, page, page_size, total }: Orders): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('shop.orders.title'),
    '',
    items.length > 0 ? visit.html('shop.orders.choose') : visit.html('shop.orders.empty'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function ordersButtons(visit: Visit, orders: Orders): ButtonRows {
  const { page, page_size, total } = orders;
  const rows = orders.items.map((order) => [
    button(`${orderSigns[order.status]} #${order.id} · ${order.name[visit.locale]}`, orderPress.pack({ id: order.id })),
  ]);
  const newer = page > 1 ? [button(visit.text('bot.buttons.previous'), ordersPagePress.pack({ page: page - 1 }))] : [];
  const older =
    page * page_size < total ? [button(visit.text('bot.buttons.next'), ordersPagePress.pack({ page: page + 1 }))] : [];
  const turning = newer.length + older.length > 0 ? [[...newer, ...older]] : [];
  return [...rows, ...turning, [shopButton(visit), menuButton(visit)]];
}

export function orderHtml(visit: Visit, order: OutputOf<typeof GetMyOrder>, timezone: string): string {
  const { delivery_address: address, note } = order;
  return [
    visit.html('shop.order.title', { id: order.id, name: order.name[visit.locale] }),
    ...stateLines(visit, order),
    visit.html('shop.order.cost', { points: pointsText(visit, order.points_cost) }),
    visit.html('shop.order.made', { time: formatShortDateTime(visit.locale, order.created_at, timezone) }),
    ...(address ? [visit.html('shop.confirm.address', { address: addressLine(address) })] : []),
    ...(note === null ? [] : [visit.html('shop.order.note', { note })]),
  ].join('\n');
}

function stateLines(visit: Visit, order: Order): string[] {
  const { status, fulfilment_code: code, tracking_number: tracking, tracking_carrier: carrier, refusal } = order;
  return [
    `${orderSigns[status]} ${visit.html(`shop.statuses.${status}`)}`,
    ...(refusal === null ? [] : [visit.html(`shop.refusals.${refusal}`)]),
    ...(status === 'refunded' || status === 'cancelled' ? [] : membershipDaysLines(visit, order)),
    ...(code === null ? [] : [visit.html('shop.order.code', { code })]),
    ...(tracking === null
      ? []
      : [`${visit.html('shop.order.tracking', { tracking })}${carrier === null ? '' : ` (${escapeHtml(carrier)})`}`]),
  ];
}

/** What the member can do with the order, as the order's own rules allow it; a press on an old button is refused by them. */
export function orderButtons(visit: Visit, { id, status }: Order): ButtonRows {
  const cancel = button(visit.text('shop.buttons.cancel_order'), cancelOrderPress.pack({ id }));
  const received = button(visit.text('shop.buttons.received'), receivedPress.pack({ id }));
  const orders = button(visit.text('shop.buttons.orders'), ordersPagePress.pack({ page: 1 }));
  return [
    ...(status === 'paid' ? [[cancel]] : []),
    ...(status === 'shipped' || status === 'delivered' ? [[received]] : []),
    [orders, shopButton(visit)],
    [menuButton(visit)],
  ];
}

function shopButton(visit: Visit): ButtonRows[number][number] {
  return button(visit.text('shop.buttons.back_to_shop'), shelfPress.pack({ page: 1 }));
}
