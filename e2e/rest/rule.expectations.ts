import { freshKey } from '../stages/fresh.names.js';
import type { Expectation } from './operation.expectations.js';
import type { Visitors } from './rest.visitors.js';

const noRule = { path: { id: '999999' }, status: 404, code: 20450 };
const rule = {
  title: { zh: '周末签到', en: 'Weekend check-in', ru: 'Отметка в выходные' },
  event_type: 'points.checked_in.v1',
  condition: { '>=': [{ var: 'weekday' }, 6] },
  points: 15,
  daily_limit: 1,
};

/** A rule that is not shipped, by id. */
async function someRule({ probe, admin }: Visitors): Promise<{ path: { id: string } }> {
  const { authorization } = admin;
  const { status, data } = await probe.send('POST /v1/admin/rules', { authorization, body: rule });
  if (status !== 201) throw new Error(`no rule was made: ${status}`);
  return { path: { id: String((data as { id: number }).id) } };
}

/** The rules engine (P-06). The rules with the first ids are shipped. */
export const ruleExpectations: Record<string, Expectation> = {
  'POST /v1/admin/rules': { access: 'admin', body: rule, otherBody: { ...rule, points: 16 } },
  'GET /v1/admin/rules': { access: 'admin' },
  'GET /v1/admin/rules/{id}': { access: 'admin', path: { id: '1' }, unknownPath: noRule },
  'PATCH /v1/admin/rules/{id}': {
    access: 'admin',
    path: { id: '1' },
    body: { points: 100 },
    otherBody: { points: 101 },
    unknownPath: noRule,
  },
  'PUT /v1/admin/rules/{id}/switch': {
    access: 'admin',
    path: { id: '1' },
    body: { enabled: false },
    unknownPath: noRule,
  },
  'DELETE /v1/admin/rules/{id}': { access: 'admin', path: { id: '1' }, prepare: someRule, unknownPath: noRule },
  'GET /v1/admin/rules/{id}/versions': { access: 'admin', path: { id: '1' }, unknownPath: noRule },
  'GET /v1/admin/rule-switch': { access: 'admin' },
  'PUT /v1/admin/rule-switch': { access: 'admin', body: { on: true, reason: 'asked for by the test' } },
  'GET /v1/admin/rule-event-types': { access: 'admin' },
  'POST /v1/admin/rule-dry-runs': { access: 'admin', body: { ...rule, days: 7 } },
  'GET /v1/admin/rule-events': { access: 'admin' },
  'GET /v1/admin/rule-events/{id}/explanation': {
    access: 'admin',
    path: { id: '00000000-0000-7000-8000-000000000000' },
    outcome: { status: 404, code: 20454 },
    unknownPath: { path: { id: '00000000-0000-7000-8000-000000000000' }, status: 404, code: 20454 },
  },
  'POST /v1/admin/business-events': {
    access: 'admin',
    body: { kind: 'product_shared', reference: freshKey(), user_id: 1, amount: 0 },
    otherBody: { kind: 'product_shared', reference: freshKey(), user_id: 1, amount: 0 },
  },
};
