import { expect } from 'vitest';
import { eventually } from '#testing';
import type { RestClient } from '../platform/index.js';

export interface AuditEntry {
  id: string;
  service: string;
  event: string;
  actor: string;
  user_id: number | null;
  request_id: string;
  channel: string;
  ip: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** The entries about one member, newest first, once all of these events are among them. */
export function auditEntries(admin: RestClient, userId: number, events: readonly string[]): Promise<AuditEntry[]> {
  return eventually(async () => {
    const { items } = await admin.get<{ items: AuditEntry[] }>(`/v1/audit-logs?limit=100&user_id=${userId}`);
    expect(items.map(({ event }) => event)).toEqual(expect.arrayContaining([...events]));
    return items;
  });
}

/** Waits until a segment has this many members whom a broadcast would reach: who is known there is known by events (N-10). */
export async function audienceIs(recipients: number, admin: RestClient, segment: object): Promise<void> {
  const body = { title: 'Are they known?', texts: { en: 'Not to be sent' }, fallback: 'en', segment };
  const { id } = await admin.post<{ id: number }>('/v1/admin/broadcasts', { body });
  await eventually(async () =>
    expect(await admin.get(`/v1/admin/broadcasts/${id}/preview`)).toMatchObject({ recipients }),
  );
}

/** The sum of a metric's series whose labels hold these; 0 when there is none. */
export function metricSum(page: string, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((pair) => line.includes(pair)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
