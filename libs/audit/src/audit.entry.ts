import { actorKey } from '#contracts';
import type { EventMessage } from '#messaging';
import { maskPersonalData } from './mask.rules.js';

/** One thing that happened. `before`, `after` and `payload` are masked plain JSON. */
export interface AuditEntry {
  /** The event's id: a UUID version 7, sorted by time. */
  id: string;
  /** ISO 8601 UTC. */
  at: string;
  service: string;
  event: string;
  /** `user:<id>`, `system:<name>` or `visitor`. */
  actor: string;
  /** Whom it concerns. */
  user_id: number | null;
  request_id: string;
  channel: string;
  ip: string | null;
  before: unknown;
  after: unknown;
  payload: unknown;
}

/** The audit entry of an event: e-mail addresses, phone numbers, tokens and codes are masked, depth and size bounded. */
export function auditEntryOf(message: EventMessage): AuditEntry {
  const { call, change } = message;
  return {
    id: message.id,
    at: message.occurred_at,
    service: message.service,
    event: message.name,
    actor: actorKey(call.actor),
    user_id: change?.user_id ?? userIdIn(message.payload),
    request_id: call.request_id,
    channel: call.channel,
    ip: call.ip ?? null,
    before: maskPersonalData(change?.before ?? null),
    after: maskPersonalData(change?.after ?? null),
    payload: maskPersonalData(message.payload ?? null),
  };
}

/** An event that changed no row names its member in the payload. */
function userIdIn(payload: unknown): number | null {
  if (typeof payload !== 'object' || payload === null || !('user_id' in payload)) return null;
  return Number.isSafeInteger(payload.user_id) ? (payload.user_id as number) : null;
}
