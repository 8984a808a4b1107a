import { groupExpectations } from './group.expectations.js';
import { activityExpectations } from './activity.expectations.js';
import { amnestyDeclared, dayBefore, holdOfMember, memberWithPoints, recordOfMember } from './points.preparation.js';
import { leaderboardExpectations } from './leaderboard.expectations.js';
import { ruleExpectations } from './rule.expectations.js';
import type { Visitors } from './rest.visitors.js';
import { verificationExpectations } from './verification.expectations.js';
import { shopExpectations } from './shop.expectations.js';
import { peopleExpectations } from './people.expectations.js';
import { privacyExpectations } from './privacy.expectations.js';

export type Access = 'public' | 'member' | 'admin' | 'page';

/** What the test must know of an operation besides what the document says. */
export interface Expectation {
  /** Who may call it; `page` answers with a page or text instead of the envelope. */
  access: Access;
  /** A body that is right in form. Its single fields are made wrong, one at a time. */
  body?: Record<string, unknown>;
  /** Two bodies for one idempotency key: the second may be refused for being another only. */
  otherBody?: Record<string, unknown>;
  /** A query string without which it answers nothing. */
  query?: string;
  /** Values for the `{names}` of a path that names something. */
  path?: Record<string, string>;
  /** Makes what it names, anew for each call that is to succeed: `path` and fields of `body` that nobody can know before. */
  prepare?: (visitors: Visitors) => Promise<Prepared>;
  /** Whoever calls it must have registered. */
  needsMembership?: true;
  /** Whoever calls it must have asked for the deletion of the account. */
  needsDeletion?: true;
  /** What somebody who may call it gets in a test where the thing itself is not to be had; otherwise success. */
  outcome?: { status: number; code: number };
  /** Whoever calls it must have confirmed freshly: of those here the admin has. */
  needsConfirmation?: true;
  /** Whoever calls it must have a place in the activity 1. */
  needsPlace?: true;
  /** What an operator gets who has its permission and no more, where that is too little by the rank alone. */
  outcomeOfRank?: { status: number; code: number };
  /** A path that names nothing, and the refusal. */
  unknownPath?: { path: Record<string, string>; status: number; code: number };
}

export interface Prepared {
  path?: Record<string, string>;
  body?: Record<string, unknown>;
}

const token = 'x'.repeat(43);
const reason = 'asked for by the test';
const notFound = { path: { id: '00000000-0000-4000-8000-000000000000' }, status: 404, code: 20306 };

/** One entry for each operation of the document; a new endpoint without one fails the suite. */
export const expectations: Record<string, Expectation> = {
  ...groupExpectations,
  'POST /v1/auth/dev-login': {
    access: 'public',
    body: { telegram_id: '77', first_name: 'Dev', language_code: 'en', role: 'member' },
  },
  'POST /v1/dev/mails': { access: 'public', body: { from: 'dev@example.org', subject: 'a', text: 'b' } },
  'POST /v1/auth/telegram': { access: 'public', body: { init_data: 'hash=0' } },
  'POST /v1/auth/refresh': { access: 'public', body: { refresh_token: token } },
  'POST /v1/auth/logout': { access: 'public', body: { refresh_token: token } },
  'POST /v1/registrations': {
    access: 'member',
    body: { invite_code: 'COSPLAY7' },
    otherBody: { invite_code: 'ANOTHER7' },
  },
  'GET /v1/users/me': { access: 'member' },
  'PATCH /v1/users/me': { access: 'member', body: { locale: 'ru' }, otherBody: { locale: 'zh' } },
  'POST /v1/users/me/email-verifications': {
    access: 'member',
    body: { email: 'probe.one@example.org' },
    otherBody: { email: 'probe.two@example.org' },
  },
  'GET /v1/users/me/email-verifications/{id}': { access: 'member', unknownPath: notFound },
  ...verificationExpectations,
  'POST /v1/email-undos': { access: 'public', body: { token } },
  'GET /v1/email-undos/{token}': { access: 'page' },
  'POST /v1/email-undos/{token}': { access: 'page' },
  'POST /v1/check-ins': { access: 'member', body: {}, otherBody: { unexpected: 1 } },
  'GET /v1/check-ins/today': { access: 'member' },
  'GET /v1/check-ins/calendar': { access: 'member' },
  'POST /v1/check-ins/makeups': {
    access: 'member',
    body: { day: '2026-03-01' },
    otherBody: { day: '2026-03-02' },
    // Whoever is new has missed no day yet.
    outcome: { status: 409, code: 20404 },
  },
  'POST /v1/admin/amnesties': {
    access: 'admin',
    body: { from_day: dayBefore(3), until_day: dayBefore(2), reason },
    otherBody: { from_day: dayBefore(3), until_day: dayBefore(3), reason },
  },
  'GET /v1/admin/amnesties': { access: 'admin' },
  'POST /v1/admin/amnesties/{id}/undo': {
    access: 'admin',
    path: { id: '1' },
    body: { reason },
    otherBody: { reason: 'another reason' },
    prepare: async (visitors) => ({ path: { id: String(await amnestyDeclared(visitors)) } }),
    unknownPath: { path: { id: '999999999' }, status: 404, code: 20410 },
  },
  'POST /v1/admin/users/{id}/makeup-cards': {
    access: 'admin',
    path: { id: '1' },
    body: { cards: 1, reason },
    otherBody: { cards: 2, reason },
    prepare: async (visitors) => ({ path: { id: String(await memberWithPoints(visitors)) } }),
    unknownPath: { path: { id: '999999999' }, status: 404, code: 20002 },
  },
  'GET /v1/points/balance': { access: 'member' },
  'GET /v1/points/records': { access: 'member' },
  'GET /v1/points/statistics': { access: 'member' },
  'GET /v1/admin/points/statistics': { access: 'admin', query: `from_day=${dayBefore(3)}&until_day=${dayBefore(0)}` },
  'GET /v1/points/holds': { access: 'member' },
  'GET /v1/admin/points/records': { access: 'admin', query: 'user_id=1' },
  'POST /v1/admin/points/records/{id}/reversals': {
    access: 'admin',
    path: { id: '1' },
    body: { reason },
    otherBody: { reason: 'another reason' },
    prepare: async (visitors) => ({ path: { id: String(await recordOfMember(visitors)) } }),
    unknownPath: { path: { id: '999999999' }, status: 404, code: 20505 },
  },
  'GET /v1/admin/points/ledger/verification': { access: 'admin' },
  'GET /v1/admin/points/ledger/imbalances': { access: 'admin' },
  'GET /v1/admin/points/holds': { access: 'admin', query: 'user_id=1' },
  'POST /v1/admin/points/holds': {
    access: 'admin',
    body: { user_id: 1, points: 3, reason },
    otherBody: { user_id: 1, points: 4, reason },
    prepare: async (visitors) => ({ body: { user_id: await memberWithPoints(visitors) } }),
  },
  'POST /v1/admin/points/holds/{id}/releases': {
    access: 'admin',
    path: { id: '1' },
    body: { points: 1, reason },
    otherBody: { reason },
    prepare: async (visitors) => ({ path: { id: String(await holdOfMember(visitors)) } }),
    unknownPath: { path: { id: '999999999' }, status: 404, code: 20503 },
  },
  'POST /v1/admin/points/holds/{id}/debits': {
    access: 'admin',
    path: { id: '1' },
    body: { points: 1, reason },
    otherBody: { reason },
    prepare: async (visitors) => ({ path: { id: String(await holdOfMember(visitors)) } }),
    unknownPath: { path: { id: '999999999' }, status: 404, code: 20503 },
  },
  ...activityExpectations,
  ...leaderboardExpectations,
  ...peopleExpectations,
  ...privacyExpectations,
  ...ruleExpectations,
  'GET /v1/users/me/membership': { access: 'member' },
  'GET /v1/users/me/membership/periods': { access: 'member' },
  'GET /v1/plans': { access: 'member' },
  'POST /v1/invite-codes': { access: 'member', body: {}, otherBody: { unexpected: 1 }, needsMembership: true },
  'GET /v1/invite-codes': { access: 'member' },
  'POST /v1/admin/invite-codes': {
    access: 'admin',
    body: { kind: 'system_formal', plan: 'week' },
    otherBody: { kind: 'system_formal', plan: 'month' },
  },
  'GET /v1/admin/invite-codes': { access: 'admin' },
  'PATCH /v1/admin/invite-codes/{id}': {
    access: 'admin',
    path: { id: '1' },
    body: { max_uses: null },
    otherBody: { enabled: true },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20201 },
  },
  'GET /v1/admin/users': { access: 'admin', query: 'query=Dev' },
  'GET /v1/admin/users/{id}': {
    access: 'admin',
    path: { id: '1' },
    unknownPath: { path: { id: '999999999' }, status: 404, code: 20002 },
  },
  'POST /v1/admin/users/{id}/membership-grants': {
    access: 'admin',
    path: { id: '1' },
    body: { days: 3, reason },
    otherBody: { days: 4, reason },
  },
  'POST /v1/admin/users/{id}/trial-resets': {
    access: 'admin',
    path: { id: '1' },
    body: { reason: 'asked for by the test' },
    otherBody: { reason: 'another reason' },
  },
  'POST /v1/admin/point-adjustments': {
    access: 'admin',
    body: { user_id: 1, points: 5, reason: 'asked for by the test' },
    otherBody: { user_id: 1, points: 6, reason: 'asked for by the test' },
  },
  'GET /v1/admin/point-adjustments': { access: 'admin' },
  // A decision needs two admins; there is one here. Both are walked through in the suite of points' own.
  'POST /v1/admin/point-adjustments/{id}/approvals': {
    access: 'admin',
    path: { id: '999999' },
    body: {},
    otherBody: { unexpected: 1 },
    outcome: { status: 404, code: 20550 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20550 },
  },
  'POST /v1/admin/point-adjustments/{id}/rejections': {
    access: 'admin',
    path: { id: '999999' },
    body: { note: 'asked for by the test' },
    otherBody: { note: 'another reason' },
    outcome: { status: 404, code: 20550 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20550 },
  },
  ...shopExpectations,
  'GET /v1/audit-logs': { access: 'admin' },
  'GET /v1/deliveries': { access: 'admin' },
  'GET /health': { access: 'page' },
  'GET /health/live': { access: 'page' },
  'GET /health/ready': { access: 'page' },
  'GET /metrics': { access: 'page' },
};
