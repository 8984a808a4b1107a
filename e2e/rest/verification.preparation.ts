import { freshKey } from '../stages/fresh.names.js';
import type { Prepared } from './operation.expectations.js';
import type { Visitors } from './rest.visitors.js';

/** A domain that no list names yet. */
export function freshDomain(): string {
  return `listed-${freshKey()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')}.example`.slice(-60);
}

/** An entry of the blacklist that can be taken off once. */
export async function blacklistEntry({ probe, admin }: Visitors): Promise<Prepared> {
  const body = { kind: 'domain', pattern: freshDomain() };
  const { data } = await probe.send('POST /v1/admin/email-blacklist', { authorization: admin.authorization, body });
  return { path: { id: String((data as { id: number }).id) } };
}
