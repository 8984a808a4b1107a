import type { Expectation } from './operation.expectations.js';

const dayMs = 86_400_000;
const noContent = { path: { id: '999999' }, status: 404, code: 20590 };
const noActivity = { path: { id: '999999' }, status: 404, code: 20570 };

/** Runs all the while the suite does. */
export const runningActivity = {
  title: { zh: '合影', en: 'Group photo', ru: 'Общее фото' },
  description: { zh: '在主舞台集合', en: 'Meet at the main stage', ru: 'Сбор у главной сцены' },
  starts_at: new Date(Date.now() - dayMs).toISOString(),
  ends_at: new Date(Date.now() + dayMs).toISOString(),
  capacity: 1000,
  points: 20,
  way: 'approval',
};

/** Activities and content (P-05). What has the id 1 is made before the suite begins. */
export const activityExpectations: Record<string, Expectation> = {
  'GET /v1/activities': { access: 'member' },
  'GET /v1/activities/{id}': { access: 'member', path: { id: '1' }, unknownPath: noActivity },
  'POST /v1/activities/{id}/participation': {
    access: 'member',
    path: { id: '1' },
    body: {},
    otherBody: { unexpected: 1 },
    unknownPath: noActivity,
  },
  'DELETE /v1/activities/{id}/participation': { access: 'member', path: { id: '1' }, unknownPath: noActivity },
  'POST /v1/activities/{id}/completion': {
    access: 'member',
    path: { id: '1' },
    body: { note: 'in the red wig' },
    otherBody: { note: 'in the blue wig' },
    needsPlace: true,
    unknownPath: noActivity,
  },
  'GET /v1/admin/activities': { access: 'admin' },
  'POST /v1/admin/activities': {
    access: 'admin',
    body: runningActivity,
    otherBody: { ...runningActivity, points: 30 },
  },
  'GET /v1/admin/activities/{id}': { access: 'admin', path: { id: '1' }, unknownPath: noActivity },
  'PATCH /v1/admin/activities/{id}': {
    access: 'admin',
    path: { id: '1' },
    body: { points: 40 },
    otherBody: { points: 50 },
    unknownPath: noActivity,
  },
  'PUT /v1/admin/activities/{id}/state': {
    access: 'admin',
    path: { id: '1' },
    body: { state: 'open' },
    unknownPath: noActivity,
  },
  'GET /v1/admin/activities/{id}/participants': { access: 'admin', path: { id: '1' }, unknownPath: noActivity },
  'POST /v1/admin/activities/{id}/decisions': {
    access: 'admin',
    path: { id: '1' },
    body: { user_ids: [999_999], approved: true },
    otherBody: { user_ids: [999_998], approved: true },
    unknownPath: noActivity,
  },
  'POST /v1/contents': {
    access: 'member',
    // Without its text, for the same work is taken once from everybody together.
    body: { kind: 'text', title: 'Armour' },
    otherBody: { kind: 'text', title: 'Wings' },
    outcome: { status: 422, code: 20591 },
  },
  'GET /v1/contents': { access: 'member' },
  'DELETE /v1/contents/{id}': { access: 'member', path: { id: '1' }, unknownPath: noContent },
  'GET /v1/users/me/contents': { access: 'member' },
  'GET /v1/admin/contents': { access: 'admin' },
  'PUT /v1/admin/contents/{id}/decision': {
    access: 'admin',
    path: { id: '1' },
    body: { approved: true, points: 5 },
    unknownPath: noContent,
  },
};
