import type { GetOrder, ListOrders, OrderStatus, OutputOf, Profile } from '#contracts';
import { escapeHtml } from '#i18n';
import { formatNumber, formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { addressLine } from './address.view.js';
import { memberLine } from './admin-card.view.js';
import { openStatuses, wishesFor, type OrderWish } from './admin-order.rules.js';
import { orderCardPress, orderListPress, orderWishPress, shopOrdersEntry } from './admin-order.keyboard.js';
import { cardPress } from './admin.keyboard.js';
import { membershipDaysLines, pointsText } from './amount.view.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';
import { orderSigns } from './order.view.js';

type Orders = OutputOf<typeof ListOrders>;
type Order = OutputOf<typeof GetOrder>;
export type OpenStatus = (typeof openStatuses)[number];

const buttonTextAtMost = 50;
/** The newest; all of them are told over REST. */
const stepsShown = 6;

export function orderListHtml(visit: Visit, { page, page_size, total }: Orders, status: OpenStatus): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  const none = visit.html('bot_shop.orders.none');
  return [
    visit.html('bot_shop.orders.title'),
    '',
    `${orderSigns[status]} ${visit.html(`bot_shop.statuses.${status}`)}: ${formatNumber(visit.locale, total)}`,
    total > 0 ? visit.html('bot_shop.orders.choose') : none,
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function orderListButtons(visit: Visit, orders: Orders, status: OpenStatus): ButtonRows {
  const open = orders.items.map(({ id, name, quantity, user_id }) => {
    const text = `#${id} · ${name[visit.locale]}${quantity > 1 ? ` × ${quantity}` : ''} · #${user_id}`;
    return [button([...text].slice(0, buttonTextAtMost).join(''), orderCardPress.pack({ id }))];
  });
  const choose = openStatuses.map((one) =>
    button(`${one === status ? '● ' : ''}${orderSigns[one]}`, orderListPress.pack({ status: one, page: 1 })),
  );
  return [
    choose,
    ...open,
    ...turningRows(visit, orders, (page) => orderListPress.pack({ status, page })),
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

/** Everything that is needed to carry an order out. */
export function orderCardHtml(visit: Visit, order: Order, buyer: Profile | null, timezone: string): string {
  const { id, user_id, name, quantity, points_cost, status, delivery_address: address } = order;
  const { tracking_carrier: carrier, tracking_number: tracking, fulfilment_code: code, note, refusal } = order;
  const time = (at: string): string => formatShortDateTime(visit.locale, at, timezone);
  const steps = order.steps.slice(-stepsShown).map(({ to, by, at }) =>
    visit.html('bot_shop.order.step', {
      time: time(at),
      status: statusText(visit, to),
      by: visit.text(`bot_shop.by.${by}`),
    }),
  );
  return [
    visit.html('bot_shop.order.title', { id, name: name[visit.locale], number: formatNumber(visit.locale, quantity) }),
    `${orderSigns[status]} ${escapeHtml(statusText(visit, status))}`,
    '',
    visit.html('bot_shop.order.member', { member: buyer === null ? `#${user_id}` : memberLine(buyer) }),
    ...membershipDaysLines(visit, order),
    visit.html('bot_shop.order.cost', { points: pointsText(visit, points_cost) }),
    visit.html('bot_shop.order.made', { time: time(order.created_at) }),
    ...(address === null ? [] : [visit.html('bot_shop.order.address', { address: addressLine(address) })]),
    ...(tracking === null
      ? []
      : [visit.html('bot_shop.order.tracking', { tracking: [carrier, tracking].filter(Boolean).join(' ') })]),
    ...(code === null ? [] : [visit.html('bot_shop.order.code', { code })]),
    ...(note === null ? [] : [visit.html('bot_shop.order.note', { note })]),
    ...(refusal === null ? [] : [visit.html(`bot_shop.refusals.${refusal}`)]),
    ...(steps.length > 0 ? ['', ...steps] : []),
  ].join('\n');
}

export function orderCardButtons(visit: Visit, order: Order): ButtonRows {
  const { id, user_id, status } = order;
  const wish = (one: OrderWish) => button(visit.text(`bot_shop.wishes.${one}`), orderWishPress.pack({ id, wish: one }));
  const wishes = visit.can('order.move') ? wishesFor({ status, isProduct: order.reward_type === 'product' }) : [];
  const member = button(visit.text('bot_admin.buttons.card'), cardPress.pack({ id: user_id }));
  return [
    ...wishes.map((one) => [wish(one)]),
    ...(visit.can('user.read') ? [[member]] : []),
    [entryButton(visit, shopOrdersEntry), menuButton(visit)],
  ];
}

function statusText(visit: Visit, status: OrderStatus): string {
  return visit.text(`bot_shop.statuses.${status}`);
}
