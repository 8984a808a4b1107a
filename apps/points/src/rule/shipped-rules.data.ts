import type { Condition } from './rule-condition.rules.js';

/** A rule as the platform ships it: switched off, for an admin to look at, change and switch on. */
export interface ShippedRule {
  readonly key: string;
  readonly title: { readonly zh: string; readonly en: string; readonly ru: string };
  readonly eventType: string;
  readonly condition?: Condition;
  readonly points: number;
  readonly percentField?: string;
  readonly percent?: number;
  readonly dailyLimit?: number;
  readonly totalLimit?: number;
}

const business = 'points.business_event_reported.v1';
const kindIs = (kind: string): Condition => ({ '==': [{ var: 'kind' }, kind] });

/**
 * The figures of the member module, on the events of this platform. What happens in a shop outside is reported by that shop.
 * A migration reads these once: a change here reaches new installations only, and what is added needs a migration of its own.
 */
export const shippedRules: readonly ShippedRule[] = [
  {
    key: 'registration',
    title: { zh: '新会员奖励', en: 'Welcome gift', ru: 'Подарок новому участнику' },
    eventType: 'entitlement.membership_started.v1',
    condition: { '==': [{ var: 'renewal' }, false] },
    points: 100,
    totalLimit: 1,
  },
  {
    key: 'email_bound',
    title: { zh: '绑定邮箱', en: 'E-mail address linked', ru: 'Привязка почты' },
    eventType: 'user.email_bound.v1',
    points: 50,
    totalLimit: 1,
  },
  {
    key: 'first_purchase',
    title: { zh: '首次购买', en: 'First purchase', ru: 'Первая покупка' },
    eventType: business,
    condition: kindIs('first_purchase'),
    points: 200,
    totalLimit: 1,
  },
  {
    key: 'daily_check_in',
    title: { zh: '每日签到加奖', en: 'Daily check-in bonus', ru: 'Бонус за ежедневную отметку' },
    eventType: 'points.checked_in.v1',
    condition: { '<': [{ var: 'streak_days' }, 7] },
    points: 5,
    dailyLimit: 1,
  },
  {
    key: 'daily_check_in_streak',
    title: { zh: '连续签到加奖', en: 'Check-in streak bonus', ru: 'Бонус за серию отметок' },
    eventType: 'points.checked_in.v1',
    condition: { '>=': [{ var: 'streak_days' }, 7] },
    points: 20,
    dailyLimit: 1,
  },
  {
    key: 'order_completed',
    title: { zh: '订单完成返积分', en: 'Points for an order', ru: 'Баллы за заказ' },
    eventType: business,
    condition: kindIs('order_completed'),
    points: 10_000,
    percentField: 'amount',
    percent: 1,
    dailyLimit: 20,
  },
  {
    key: 'product_reviewed',
    title: { zh: '商品评价', en: 'Product review', ru: 'Отзыв о товаре' },
    eventType: business,
    condition: { and: [kindIs('product_reviewed'), { '<': [{ var: 'amount' }, 100] }] },
    points: 10,
    dailyLimit: 5,
  },
  {
    key: 'product_reviewed_at_length',
    title: { zh: '详细商品评价', en: 'Detailed product review', ru: 'Подробный отзыв о товаре' },
    eventType: business,
    condition: { and: [kindIs('product_reviewed'), { '>=': [{ var: 'amount' }, 100] }] },
    points: 50,
    dailyLimit: 5,
  },
  {
    key: 'product_shared',
    title: { zh: '分享商品', en: 'Product shared', ru: 'Рассказ о товаре' },
    eventType: business,
    condition: kindIs('product_shared'),
    points: 5,
    dailyLimit: 5,
  },
  {
    key: 'friend_invited',
    title: { zh: '邀请好友', en: 'Friend invited', ru: 'Приглашение друга' },
    eventType: 'entitlement.invitation_succeeded.v1',
    points: 500,
    dailyLimit: 10,
  },
  {
    key: 'profile_completed',
    title: { zh: '完善资料', en: 'Profile completed', ru: 'Заполненный профиль' },
    eventType: 'user.profile_completed.v1',
    points: 50,
    totalLimit: 1,
  },
];
