import { randomUUID } from 'node:crypto';
import { defaultPermissionsOf, type Actor, type Call, type Role } from '#contracts';

/** A call of somebody who is signed in, as the gateway would let it through. */
export function callOf(userId: number, role: Role): Call {
  const permissions = defaultPermissionsOf(role);
  const actor: Actor = { kind: 'user', user_id: userId, role, permissions, stepped_up: true };
  return { request_id: randomUUID(), actor, channel: 'rest', locale: 'en' };
}
