import type { Visitors } from './rest.visitors.js';

const unknownItem = { path: { id: '999999' }, status: 404, code: 20520 };
const unknownOrder = { path: { id: '999999' }, status: 404, code: 20527 };
const unknownAlarm = { path: { id: '999999' }, status: 404, code: 20561 };
const unknownAddress = { path: { id: '999999' }, status: 404, code: 20540 };
const name = { zh: '徽章', en: 'Badge', ru: 'Значок' };
const address = {
  name: 'Aki Example',
  phone: '+79123456789',
  country: 'RU',
  province: 'Moscow',
  city: 'Moscow',
  district: null,
  address: 'Example street 1',
  postal_code: '101000',
  tag: 'home',
  is_default: false,
};

/** An item of the shop, by id. */
async function someItem({ probe, admin }: Visitors): Promise<{ path: { id: string } }> {
  const body = { exchange_type: 'coupon', name, points_required: 10, stock: 50 };
  const { status, data } = await probe.send('POST /v1/admin/exchanges', { authorization: admin.authorization, body });
  if (status !== 201) throw new Error(`no item was made: ${status}`);
  return { path: { id: String((data as { id: number }).id) } };
}

/** The exchange shop and the address book (P-07). Orders are walked through in the shop's own suite: each belongs to one member. */
export const shopExpectations = {
  'GET /v1/points/exchanges': { access: 'member' },
  'GET /v1/points/exchanges/{id}': { access: 'member', unknownPath: unknownItem },
  'POST /v1/points/exchange': {
    access: 'member',
    body: { exchange_id: 999_999, quantity: 1, expected_points: 10, address_id: 1 },
    otherBody: { exchange_id: 999_998 },
    outcome: { status: 404, code: 20520 },
  },
  'GET /v1/points/exchange-orders': { access: 'member' },
  'GET /v1/points/exchange-orders/{id}': { access: 'member', unknownPath: unknownOrder },
  'POST /v1/points/exchange-orders/{id}/cancellations': {
    access: 'member',
    path: unknownOrder.path,
    body: {},
    otherBody: { unexpected: 1 },
    outcome: unknownOrder,
    unknownPath: unknownOrder,
  },
  'POST /v1/points/exchange-orders/{id}/confirmations': {
    access: 'member',
    path: unknownOrder.path,
    body: {},
    otherBody: { unexpected: 1 },
    outcome: unknownOrder,
    unknownPath: unknownOrder,
  },
  'GET /v1/addresses': { access: 'member' },
  'POST /v1/addresses': { access: 'member', body: address, otherBody: { ...address, city: 'Perm' } },
  'PUT /v1/addresses/{id}': { access: 'member', path: { id: '1' }, body: address, unknownPath: unknownAddress },
  'PUT /v1/addresses/{id}/default': { access: 'member', unknownPath: unknownAddress },
  'DELETE /v1/addresses/{id}': { access: 'member', unknownPath: unknownAddress },
  'GET /v1/admin/exchanges': { access: 'admin' },
  'POST /v1/admin/exchanges': {
    access: 'admin',
    body: {
      exchange_type: 'product',
      name,
      description: name,
      image: 'https://example.org/badge.png',
      points_required: 10,
      stock: 50,
      limit_total: 5,
      limit_per_period: 1,
      limit_period: 'day',
    },
    otherBody: { exchange_type: 'coupon', name, points_required: 10 },
  },
  'PATCH /v1/admin/exchanges/{id}': {
    access: 'admin',
    prepare: someItem,
    body: { points_required: 20, enabled: true },
    otherBody: { points_required: 30 },
    unknownPath: unknownItem,
  },
  'POST /v1/admin/exchanges/{id}/stock-changes': {
    access: 'admin',
    prepare: someItem,
    body: { change: 2, reason: 'asked for by the test' },
    otherBody: { change: 3, reason: 'asked for by the test' },
    unknownPath: unknownItem,
  },
  'DELETE /v1/admin/exchanges/{id}': { access: 'admin', prepare: someItem, unknownPath: unknownItem },
  'GET /v1/admin/exchange-orders': { access: 'admin' },
  'GET /v1/admin/exchange-orders/{id}': {
    access: 'admin',
    path: unknownOrder.path,
    outcome: unknownOrder,
    unknownPath: unknownOrder,
  },
  'POST /v1/admin/exchange-orders/{id}/steps': {
    access: 'admin',
    path: unknownOrder.path,
    body: { status: 'processing', note: 'asked for by the test', restock: false },
    otherBody: { status: 'cancelled' },
    outcome: unknownOrder,
    unknownPath: unknownOrder,
  },
  'GET /v1/admin/velocity-rules': { access: 'admin' },
  'POST /v1/admin/velocity-rules': {
    access: 'admin',
    body: {
      scope: 'member',
      name: 'made by the test',
      direction: 'earned',
      record_type: 'check_in',
      window_minutes: 60,
      points_at_most: 900_000,
      records_at_most: 900_000,
      enabled: true,
    },
    otherBody: { scope: 'platform', name: 'made by the test', window_minutes: 60, points_at_most: 900_000_000 },
  },
  'PATCH /v1/admin/velocity-rules/{id}': {
    access: 'admin',
    path: { id: '1' },
    body: { name: 'changed by the test', window_minutes: 60, points_at_most: 900_000, enabled: true },
    otherBody: { enabled: false },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20560 },
  },
  // An alarm takes a while to be raised: the suite of points' own walks through both.
  'GET /v1/admin/velocity-alarms': { access: 'admin' },
  'POST /v1/admin/velocity-alarms/{id}/acknowledgements': {
    access: 'admin',
    path: unknownAlarm.path,
    body: { note: 'asked for by the test' },
    otherBody: { note: 'another note' },
    outcome: unknownAlarm,
    unknownPath: unknownAlarm,
  },
  'POST /v1/admin/velocity-alarms/{id}/resolutions': {
    access: 'admin',
    path: unknownAlarm.path,
    body: { note: 'asked for by the test' },
    otherBody: { note: 'another note' },
    outcome: unknownAlarm,
    unknownPath: unknownAlarm,
  },
} as const;
