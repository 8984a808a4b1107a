import { freshKey } from '../stages/fresh.names.js';
import type { Expectation } from './operation.expectations.js';
import { bannedMember, freshMember, freshTag } from './privacy.preparation.js';

const reason = 'asked for by the test';

/** Status, privacy, referral, community. */
export const privacyExpectations: Record<string, Expectation> = {
  'GET /v1/terms': { access: 'public' },
  'GET /v1/users/me/terms': { access: 'member' },
  'POST /v1/users/me/terms': {
    access: 'member',
    body: { version: '2026-03-01' },
    otherBody: { version: '2026-03-01', locale: 'en' },
  },
  'GET /v1/users/me/deletion': { access: 'member' },
  'POST /v1/users/me/deletion': { access: 'member', body: {}, otherBody: { unexpected: 1 } },
  'POST /v1/users/me/restoration': { access: 'member', body: {}, otherBody: { unexpected: 1 }, needsDeletion: true },
  'POST /v1/users/me/data-exports': { access: 'member' },
  'POST /v1/admin/users/{id}/bans': {
    access: 'admin',
    path: { id: '999999' },
    body: { reason },
    otherBody: { reason: 'another reason' },
    prepare: async (visitors) => ({ path: { id: String(await freshMember(visitors)) } }),
    unknownPath: { path: { id: '999999' }, status: 404, code: 20002 },
  },
  'POST /v1/admin/users/{id}/unbans': {
    access: 'admin',
    path: { id: '999999' },
    body: { reason },
    otherBody: { reason: 'another reason' },
    prepare: async (visitors) => ({ path: { id: String(await bannedMember(visitors)) } }),
    unknownPath: { path: { id: '999999' }, status: 404, code: 20002 },
  },
  'POST /v1/users/me/follows': {
    access: 'member',
    body: { user_id: 1 },
    otherBody: { user_id: 2 },
    prepare: async (visitors) => ({ body: { user_id: await freshMember(visitors) } }),
  },
  'POST /v1/users/me/unfollows': { access: 'member', body: { user_id: 1 }, otherBody: { user_id: 2 } },
  'GET /v1/users/me/following': { access: 'member' },
  'GET /v1/users/me/followers': { access: 'member' },
  'POST /v1/admin/tags': {
    access: 'admin',
    body: { name: 'probe' },
    otherBody: { name: 'another probe' },
    prepare: async () => ({ body: { name: `probe ${freshKey()}` } }),
  },
  'GET /v1/admin/tags': { access: 'admin' },
  'GET /v1/admin/tags/{id}/users': {
    access: 'admin',
    path: { id: '1' },
    unknownPath: { path: { id: '999999' }, status: 404, code: 20113 },
  },
  'POST /v1/admin/tags/{id}/removal': {
    access: 'admin',
    path: { id: '999999' },
    body: {},
    otherBody: { unexpected: 1 },
    prepare: async (visitors) => ({ path: { id: String(await freshTag(visitors)) } }),
    unknownPath: { path: { id: '999999' }, status: 404, code: 20113 },
  },
  'GET /v1/admin/users/{id}/tags': { access: 'admin', path: { id: '1' } },
  'POST /v1/admin/users/{id}/tags': {
    access: 'admin',
    path: { id: '1' },
    body: { tag_id: 999_999 },
    otherBody: { tag_id: 999_998 },
    prepare: async (visitors) => ({ body: { tag_id: await freshTag(visitors) } }),
  },
  'POST /v1/admin/users/{id}/tag-removals': {
    access: 'admin',
    path: { id: '1' },
    body: { tag_id: 999_999 },
    otherBody: { tag_id: 999_998 },
    prepare: async (visitors) => ({ body: { tag_id: await freshTag(visitors) } }),
  },
  'GET /v1/admin/statistics/community': { access: 'admin', query: 'from=2026-01-01&to=2026-01-31' },
  'GET /v1/users/me/invitees': { access: 'member' },
  'GET /v1/admin/users/{id}/referrals': { access: 'admin', path: { id: '1' } },
  'GET /v1/admin/statistics/referrals': {
    access: 'admin',
    query: 'from=2026-01-01T00:00:00Z&to=2036-01-01T00:00:00Z',
  },
};
