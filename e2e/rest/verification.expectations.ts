import type { Expectation } from './operation.expectations.js';
import { blacklistEntry, freshDomain } from './verification.preparation.js';

const unknownId = { id: '00000000-0000-4000-8000-000000000000' };
const notFound = { path: unknownId, status: 404, code: 20306 };
/** Nobody but the mailbox or the telephone knows the code. */
const confirmation: Expectation = {
  access: 'member',
  body: { code: '123456' },
  otherBody: { code: '654321' },
  path: unknownId,
  outcome: { status: 404, code: 20306 },
  unknownPath: notFound,
};

/** Mailed codes, phone numbers and the blacklist (U-08, U-09, U-10). */
export const verificationExpectations: Record<string, Expectation> = {
  'POST /v1/users/me/email-codes': {
    access: 'member',
    body: { email: 'probe.three@example.org' },
    otherBody: { email: 'probe.four@example.org' },
  },
  'POST /v1/users/me/email-codes/{id}/confirmations': confirmation,
  'POST /v1/users/me/phone-verifications': {
    access: 'member',
    body: { phone: '+79120000001' },
    otherBody: { phone: '+79120000002' },
  },
  'POST /v1/users/me/phone-verifications/{id}/confirmations': confirmation,
  'GET /v1/users/me/phone': { access: 'member' },
  'DELETE /v1/users/me/phone': { access: 'member', outcome: { status: 404, code: 20313 } },
  'GET /v1/admin/email-blacklist': { access: 'admin' },
  'POST /v1/admin/email-blacklist': {
    access: 'admin',
    body: { kind: 'domain', pattern: 'listed.example' },
    otherBody: { kind: 'domain', pattern: 'also-listed.example' },
    prepare: async () => ({ body: { pattern: freshDomain() } }),
  },
  'DELETE /v1/admin/email-blacklist/{id}': {
    access: 'admin',
    prepare: blacklistEntry,
    unknownPath: { path: { id: '999999' }, status: 404, code: 20322 },
  },
  'GET /v1/admin/email-address-checks': { access: 'admin', query: 'email=probe%40example.org' },
};
