import { randomInt } from 'node:crypto';
import type { Probed } from './rest.probe.js';
import type { Visitors } from './rest.visitors.js';

const reason = 'prepared by the test';

/** Somebody new who has checked in, by id. */
export async function memberWithPoints(visitors: Visitors): Promise<number> {
  const { authorization } = await visitors.fresh();
  accepted(await visitors.probe.send('POST /v1/check-ins', { authorization, body: {} }));
  return (accepted(await visitors.probe.send('GET /v1/users/me', { authorization })) as { id: number }).id;
}

/** The record of such a member's check-in, by id. */
export async function recordOfMember(visitors: Visitors): Promise<number> {
  const query = `user_id=${await memberWithPoints(visitors)}`;
  const { authorization } = visitors.admin;
  const found = accepted(await visitors.probe.send('GET /v1/admin/points/records', { authorization, query }));
  return firstIdOf(found as { items: { id: number }[] });
}

/** A hold on some of such a member's points, by id. */
export async function holdOfMember(visitors: Visitors): Promise<number> {
  const body = { user_id: await memberWithPoints(visitors), points: randomInt(2, 11), reason };
  const { authorization } = visitors.admin;
  return (accepted(await visitors.probe.send('POST /v1/admin/points/holds', { authorization, body })) as { id: number })
    .id;
}

/** So many days ago, `YYYY-MM-DD` in UTC. */
export function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** An amnesty of a day long gone, by id. */
export async function amnestyDeclared({ probe, admin }: Visitors): Promise<number> {
  const body = { from_day: dayBefore(9), until_day: dayBefore(9), reason };
  const { authorization } = admin;
  return (accepted(await probe.send('POST /v1/admin/amnesties', { authorization, body })) as { id: number }).id;
}

function firstIdOf({ items }: { items: { id: number }[] }): number {
  const [first] = items;
  if (!first) throw new Error('nothing was found');
  return first.id;
}

function accepted({ status, code, data }: Probed): unknown {
  if (status >= 300) throw new Error(`refused with ${code}`);
  return data;
}
