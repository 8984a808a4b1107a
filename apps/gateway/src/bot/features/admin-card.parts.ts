import { ListUserTags, type Profile } from '#contracts';
import type { Screen } from '../list-screen.parts.js';
import type { Visit } from '../member/visit.client.js';
import { cardButtons, cardHtml } from './admin-card.view.js';

/** The card of a member (B-04), as things are now. */
export async function memberCard(visit: Visit, profile: Profile, timezone: string): Promise<Screen> {
  const found = (await visit.glance(ListUserTags, { user_id: profile.id }))?.items ?? [];
  const tags = found.map(
    ({ name, kind }) => (kind === 'system' ? visit.lookup(`bot_admin.tags.${name}`) : null) ?? name,
  );
  return [cardHtml(visit, profile, tags, timezone), cardButtons(visit, profile)];
}
