import type { Expectation } from './operation.expectations.js';

const token = 'x'.repeat(43);

/** Roles, settings, sign-ins and the console (U-11, U-13, U-14). */
export const peopleExpectations: Record<string, Expectation> = {
  'GET /v1/users/me/settings': { access: 'member' },
  'PATCH /v1/users/me/settings': {
    access: 'member',
    body: { nickname: 'Probe', region: { country: 'CN' }, reminders: { check_in: true } },
    otherBody: { nickname: 'Another' },
  },
  'GET /v1/admin/roles': { access: 'admin' },
  'PUT /v1/admin/roles/{role}/permissions': {
    access: 'admin',
    path: { role: 'vip' },
    body: { permissions: [] },
    otherBody: { permissions: ['user.read'] },
  },
  'GET /v1/admin/staff': { access: 'admin' },
  'PUT /v1/admin/users/{id}/role': {
    access: 'admin',
    path: { id: '1' },
    body: { role: 'super_admin', reason: 'asked for by the test' },
    otherBody: { role: 'super_admin', reason: 'another reason' },
    outcomeOfRank: { status: 403, code: 20601 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20002 },
  },
  'POST /v1/auth/telegram-widget': {
    access: 'public',
    body: { id: 1, first_name: 'Probe', auth_date: 1, hash: 'x' },
  },
  'GET /v1/users/me/sessions': { access: 'member' },
  'DELETE /v1/users/me/sessions/{id}': {
    access: 'member',
    unknownPath: { path: { id: '00000000-0000-4000-8000-000000000000' }, status: 404, code: 20024 },
  },
  'POST /v1/users/me/sessions/revoke-others': { access: 'member', body: {}, otherBody: { unexpected: 1 } },
  'POST /v1/auth/step-ups': { access: 'member', body: {} },
  'GET /v1/auth/step-ups/{id}': {
    access: 'member',
    unknownPath: { path: { id: '00000000-0000-4000-8000-000000000000' }, status: 404, code: 20025 },
  },
  'POST /v1/auth/console/login': { access: 'public', body: { username: 'nobody', password: 'not the password' } },
  'POST /v1/auth/console/passwords': { access: 'public', body: { token, password: 'not the password' } },
  'POST /v1/auth/console/password-changes': {
    access: 'member',
    body: { current_password: 'not the password', new_password: 'nor this one either' },
  },
  'GET /v1/auth/console/account': { access: 'member', unknownPath: { path: {}, status: 404, code: 20036 } },
  'POST /v1/auth/console/second-factor': { access: 'member', body: {}, needsConfirmation: true },
  'POST /v1/auth/console/second-factor/confirmations': { access: 'member', body: { code: '000000' } },
  'DELETE /v1/auth/console/second-factor': { access: 'member', unknownPath: { path: {}, status: 403, code: 20022 } },
  'POST /v1/admin/console-accounts': {
    access: 'admin',
    body: { user_id: 999_999, username: 'probe' },
    outcome: { status: 404, code: 20002 },
  },
  'GET /v1/admin/console-accounts': { access: 'admin' },
  'POST /v1/admin/console-accounts/{id}/password-tokens': {
    access: 'admin',
    path: { id: '999999' },
    outcome: { status: 404, code: 20036 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20036 },
  },
  'DELETE /v1/admin/console-accounts/{id}': {
    access: 'admin',
    path: { id: '999999' },
    outcome: { status: 404, code: 20036 },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20036 },
  },
};
