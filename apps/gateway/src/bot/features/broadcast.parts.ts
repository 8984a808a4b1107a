import { ListGroups, type OutputOf } from '#contracts';
import type { Visit } from '../member/visit.client.js';

const groupsAtMost = 100;

/** The groups the bot knows; none while they cannot be had. */
export async function knownGroups(visit: Visit): Promise<OutputOf<typeof ListGroups>['items']> {
  return (await visit.glance(ListGroups, { page: 1, page_size: groupsAtMost }))?.items ?? [];
}
