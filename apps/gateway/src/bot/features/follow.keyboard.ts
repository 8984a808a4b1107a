import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

const member = z.object({ id: z.coerce.number().int().positive() });

export const followPress = defineCallback('follow', member);
export const unfollowPress = defineCallback('unfollow', member);

export const friendsEntry: MenuEntry = {
  section: 'community',
  order: 70,
  label: 'community.buttons.friends',
  press: defineCallback('friends'),
  command: { name: 'friends', description: 'community.command', scopes: ['private'] },
};
