import type { PersonalData } from '#service';

/** What this service keeps about members (U-15). */
export const entitlementPersonalData: PersonalData = [
  {
    table: 'membership_reminders',
    member: 'user_id',
    key: 'expires_at, kind',
    onErasure: 'erase',
    archive: ['kind', 'expires_at', 'created_at'],
  },
  {
    table: 'membership_periods',
    member: 'user_id',
    key: 'id',
    onErasure: 'erase',
    archive: ['id', 'kind', 'plan', 'reason', 'started_at', 'expires_at', 'created_at'],
  },
  {
    table: 'membership_orders',
    member: 'user_id',
    key: 'order_id',
    onErasure: 'keep',
    archive: ['order_id', 'state', 'days', 'created_at'],
    why: 'an order that the books keep by its number is given and taken back once; the row names ids, days and times',
  },
  {
    table: 'memberships',
    member: 'user_id',
    key: 'user_id',
    onErasure: 'erase',
    archive: ['kind', 'plan', 'started_at', 'expires_at'],
  },
  {
    table: 'invitations',
    member: 'invitee_user_id',
    key: 'invited_at',
    onErasure: 'keep',
    archive: ['inviter_user_id', 'invited_at'],
    why: 'the tree of who invited whom is made of ids alone, and would fall apart without one of them',
  },
  {
    table: 'invitations',
    member: 'inviter_user_id',
    key: 'invited_at, invitee_user_id',
    onErasure: 'keep',
    archive: ['invitee_user_id', 'invited_at'],
    why: 'the tree of who invited whom is made of ids alone, and would fall apart without one of them',
  },
  {
    table: 'invite_codes',
    member: 'owner_user_id',
    key: 'id',
    onErasure: { owner_user_id: null, enabled: 0 },
    archive: ['id', 'code', 'plan', 'days', 'max_uses', 'uses', 'enabled', 'created_at'],
    why: 'the periods of those who came with a code name it; it brings nobody in any more',
  },
  {
    table: 'trial_claims',
    member: 'user_id',
    key: 'identity',
    onErasure: { user_id: 0 },
    archive: ['claimed_at'],
    why: 'a keyed hash that names nobody: whoever comes back with the same mailbox, phone or account has had the trial',
  },
  {
    table: 'member_identities',
    member: 'user_id',
    key: 'identity',
    onErasure: 'erase',
    archive: ['known_since'],
  },
];
