import type { ExchangeStatus, ListAllExchanges, OutputOf } from '#contracts';
import { escapeHtml } from '#i18n';
import { formatDateTime, formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { itemCardPress, itemListPress, itemStockPress, itemSwitchPress } from './admin-order.keyboard.js';
import { membershipDaysLines, pointsText } from './amount.view.js';
import { menuButton, sectionButton, turningRows } from './menu.view.js';

type Items = OutputOf<typeof ListAllExchanges>;
export type ShopItem = Items['items'][number];

const signs: Record<ExchangeStatus, string> = {
  active: '🟢',
  inactive: '⚪',
  scheduled: '🕒',
  ended: '⌛',
  out_of_stock: '📭',
  removed: '🗑',
};
const buttonTextAtMost = 50;

export function itemsHtml(visit: Visit, { page, page_size, total }: Items, docs: string): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('bot_shop.items.title'),
    '',
    total > 0 ? visit.html('bot_shop.items.choose') : visit.html('bot_shop.items.none'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
    ...(visit.can('exchange.manage') ? ['', visit.html('bot_admin.written_over_rest', { docs })] : []),
  ].join('\n');
}

export function itemsButtons(visit: Visit, items: Items): ButtonRows {
  const open = items.items.map(({ id, name, status, stock }) => {
    const text = `${signs[status]} ${name[visit.locale]} · ${stockText(visit, stock)}`;
    return [button([...text].slice(0, buttonTextAtMost).join(''), itemCardPress.pack({ id, page: items.page }))];
  });
  return [
    ...open,
    ...turningRows(visit, items, (page) => itemListPress.pack({ page })),
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

export function itemHtml(visit: Visit, item: ShopItem, timezone: string): string {
  const { id, name, exchange_type, status, points_required, stock, used_count, starts_at, ends_at } = item;
  const time = (at: string): string => formatDateTime(visit.locale, at, timezone);
  return [
    `<b>${escapeHtml(name[visit.locale])}</b> · #${id}`,
    `${signs[status]} ${visit.html(`bot_shop.item_statuses.${status}`)}`,
    '',
    visit.html(`shop.types.${exchange_type}`),
    ...membershipDaysLines(visit, item),
    visit.html('shop.item.price', { points: pointsText(visit, points_required) }),
    visit.html('shop.item.stock', { amount: stockText(visit, stock) }),
    visit.html('bot_shop.items.sold', { amount: formatNumber(visit.locale, used_count) }),
    ...(starts_at === null ? [] : [visit.html('bot_codes.card.from', { time: time(starts_at) })]),
    ...(ends_at === null ? [] : [visit.html('bot_codes.card.until', { time: time(ends_at) })]),
  ].join('\n');
}

export function itemButtons(visit: Visit, { id, enabled, status, stock }: ShopItem, page: number): ButtonRows {
  const isChangeable = status !== 'removed' && visit.can('exchange.manage');
  const turn = enabled
    ? button(visit.text('bot_shop.buttons.off'), itemSwitchPress.pack({ id, page, on: '0' }))
    : button(visit.text('bot_shop.buttons.on'), itemSwitchPress.pack({ id, page, on: '1' }));
  const count = button(visit.text('bot_shop.buttons.stock'), itemStockPress.pack({ id, page }));
  return [
    ...(isChangeable ? [[turn, ...(stock === null ? [] : [count])]] : []),
    [button(visit.text('bot_shop.buttons.back'), itemListPress.pack({ page })), menuButton(visit)],
  ];
}

/** What is left; ∞ where nobody counts. */
export function stockText(visit: Visit, stock: number | null): string {
  return stock === null ? '∞' : formatNumber(visit.locale, stock);
}
