import type { Expectation } from './operation.expectations.js';

/** Groups and broadcasts (U-12, N-10); they are walked through in a suite of their own. */
export const groupExpectations: Record<string, Expectation> = {
  'GET /v1/admin/groups': { access: 'admin' },
  'GET /v1/admin/groups/{id}/members': {
    access: 'admin',
    path: { id: '999999' },
    outcome: { status: 404, code: 20701 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20701 },
  },
  'POST /v1/admin/groups/{id}/member-imports': {
    access: 'admin',
    path: { id: '999999' },
    body: { rows: [{ telegram_id: '10001' }] },
    otherBody: { rows: [{ telegram_id: '10002' }] },
    outcome: { status: 404, code: 20701 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20701 },
  },
  'POST /v1/admin/groups/{id}/roster-checks': {
    access: 'admin',
    path: { id: '999999' },
    body: {},
    otherBody: { unexpected: 1 },
    outcome: { status: 404, code: 20701 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20701 },
  },
  'GET /v1/admin/bot-readiness': { access: 'admin' },
  'POST /v1/admin/broadcasts': {
    access: 'admin',
    body: { title: 'A draft', texts: { en: 'Hello' }, fallback: 'en' },
    otherBody: { title: 'Another draft', texts: { ru: 'Привет' }, fallback: 'ru' },
  },
  'GET /v1/admin/broadcasts': { access: 'admin' },
  'GET /v1/admin/broadcasts/{id}': {
    access: 'admin',
    path: { id: '999999' },
    outcome: { status: 404, code: 20801 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20801 },
  },
  'PATCH /v1/admin/broadcasts/{id}': {
    access: 'admin',
    path: { id: '999999' },
    body: { title: 'Another title' },
    otherBody: { title: 'And once more' },
    outcome: { status: 404, code: 20801 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20801 },
  },
  'GET /v1/admin/broadcasts/{id}/preview': {
    access: 'admin',
    path: { id: '999999' },
    outcome: { status: 404, code: 20801 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20801 },
  },
  'POST /v1/admin/broadcasts/{id}/tests': {
    access: 'admin',
    path: { id: '999999' },
    body: {},
    otherBody: { unexpected: 1 },
    outcome: { status: 404, code: 20801 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20801 },
  },
  'POST /v1/admin/broadcasts/{id}/confirmation': {
    access: 'admin',
    path: { id: '999999' },
    body: { recipients: 1, digest: '0123456789abcdef' },
    otherBody: { recipients: 2, digest: '0123456789abcdef' },
    outcome: { status: 404, code: 20801 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20801 },
  },
  'POST /v1/admin/broadcasts/{id}/actions': {
    access: 'admin',
    path: { id: '999999' },
    body: { action: 'pause' },
    otherBody: { action: 'cancel' },
    outcome: { status: 404, code: 20801 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20801 },
  },
};
