import type { Probed } from './rest.probe.js';
import type { Visitors } from './rest.visitors.js';
import { freshKey } from '../stages/fresh.names.js';

/** Somebody new, by id. */
export async function freshMember(visitors: Visitors): Promise<number> {
  const { authorization } = await visitors.fresh();
  return (accepted(await visitors.probe.send('GET /v1/users/me', { authorization })) as { id: number }).id;
}

/** Somebody new who is banned, by id. */
export async function bannedMember(visitors: Visitors): Promise<number> {
  const id = await freshMember(visitors);
  const { authorization } = visitors.admin;
  const ban = { authorization, path: { id: String(id) }, body: { reason: 'so that it can be lifted' } };
  accepted(await visitors.probe.send('POST /v1/admin/users/{id}/bans', ban));
  return id;
}

/** A tag that nobody has, by id. */
export async function freshTag(visitors: Visitors): Promise<number> {
  const { authorization } = visitors.admin;
  const tag = { authorization, body: { name: `prepared ${freshKey()}` } };
  return (accepted(await visitors.probe.send('POST /v1/admin/tags', tag)) as { id: number }).id;
}

function accepted({ status, code, data }: Probed): unknown {
  if (status >= 300) throw new Error(`refused with ${code}`);
  return data;
}
