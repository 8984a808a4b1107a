import { chart, orZero, type Row } from './panel.builder.js';

/** The exchange shop, the admins' hands in the books, and what goes faster than it should. */
export const pointsRow: Row = {
  title: 'Points: shop and oversight',
  columns: 3,
  height: 8,
  panels: [
    perMinute('Exchanges', 'Orders per minute, by type of the item.', 'coser_shop_purchases_total', 'type'),
    perMinute('Points spent', 'Points per minute that went into the shop.', 'coser_shop_points_spent_total', 'type'),
    perMinute('Order steps', 'Orders per minute that came to a state.', 'coser_shop_order_moves_total', 'to'),
    chart({
      title: 'Points refunded',
      description: 'Points per minute given back for cancelled and refunded orders.',
      unit: 'cpm',
      queries: [['60 * sum(rate(coser_shop_points_refunded_total[$__rate_interval]))', 'points']],
    }),
    perMinute(
      'Membership days for points',
      'Orders for membership days per minute, by what became of them.',
      'coser_membership_orders_total',
      'outcome',
    ),
    perMinute('Address books', 'Changes of address books per minute.', 'coser_address_changes_total', 'action'),
    perMinute('Adjustments', 'Adjustments by admins per minute.', 'coser_points_adjustments_total', 'outcome'),
    perMinute('Velocity alarms', 'Alarms raised per minute, by scope.', 'coser_velocity_alarms_total', 'scope'),
    chart({
      title: 'Velocity alarms waiting',
      description: 'Alarms that no admin has taken note of.',
      unit: 'short',
      badFrom: 1,
      queries: [['max(coser_velocity_alarms_open)', 'alarms']],
    }),
  ],
};

function perMinute(title: string, description: string, counter: string, label: string) {
  const expression = orZero(`60 * sum by (${label}) (rate(${counter}[$__rate_interval]))`);
  return chart({ title, description, unit: 'cpm', stacked: true, queries: [[expression, `{{${label}}}`]] });
}
