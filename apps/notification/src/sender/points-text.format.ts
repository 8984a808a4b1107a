import type { Locale } from '#contracts';
import type { Texts } from '#i18n';
import type { ContentOf } from '../deliveries/delivery-content.schema.js';

/** What became of an order (P-07), in Telegram's HTML. */
export function orderNewsText(texts: Texts, locale: Locale, content: ContentOf<'order_news'>): string {
  const { order_id: id, name, points, tracking_number: tracking, note, refusal } = content;
  return [
    newsLine(texts, locale, content.status, { id, name: name[locale], count: points }),
    ...(refusal === null ? [] : [texts.html(locale, `shop.refusals.${refusal}`)]),
    ...(tracking === null ? [] : [texts.html(locale, 'shop.order.tracking', { tracking })]),
    ...(note === null ? [] : [texts.html(locale, 'shop.order.note', { note })]),
    texts.html(locale, 'shop.notices.details'),
  ].join('\n');
}

function newsLine(
  texts: Texts,
  locale: Locale,
  status: ContentOf<'order_news'>['status'],
  { id, name, count }: { id: number; name: string; count: number },
): string {
  switch (status) {
    case 'paid':
      return texts.html(locale, 'shop.notices.placed', { id, name, count });
    case 'cancelled':
      return texts.html(locale, 'shop.notices.cancelled', { id, name, count });
    case 'refunded':
      return texts.html(locale, 'shop.notices.refunded', { id, name, count });
    default:
      return texts.html(locale, `shop.notices.${status}`, { id, name });
  }
}

/** That points came or went faster than a rule allows (P-09): for admins. */
export function velocityAlarmText(texts: Texts, locale: Locale, content: ContentOf<'velocity_alarm'>): string {
  const { alarm_id: id, rule_name: rule, user_id: member, record_type: type, window_minutes: minutes } = content;
  return [
    texts.html(locale, 'oversight.alarm.title', { rule }),
    member !== null
      ? texts.html(locale, 'oversight.alarm.member', { id: member })
      : type !== null
        ? texts.html(locale, 'oversight.alarm.type', { type: texts.text(locale, `bot.records.${type}`) })
        : texts.html(locale, 'oversight.alarm.everybody'),
    texts.html(locale, 'oversight.alarm.points', { count: content.points }),
    texts.html(locale, 'oversight.alarm.records', { count: content.records }),
    texts.html(locale, 'oversight.alarm.window', { count: minutes }),
    texts.html(locale, 'oversight.alarm.next', { id }),
  ].join('\n');
}

/** That an admin gave or took points, and why (P-09). */
export function adjustmentText(texts: Texts, locale: Locale, content: ContentOf<'points_adjusted'>): string {
  const { points, reason, balance } = content;
  const key = points > 0 ? 'oversight.adjusted.given' : 'oversight.adjusted.taken';
  return [
    texts.html(locale, key, { count: Math.abs(points) }),
    texts.html(locale, 'oversight.adjusted.reason', { reason }),
    texts.html(locale, 'oversight.adjusted.balance', { count: balance }),
  ].join('\n');
}
