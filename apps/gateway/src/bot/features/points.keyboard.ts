import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const pointsPagePress = defineCallback(
  'points_page',
  z.object({ page: z.coerce.number().int().min(1).max(100_000) }),
);

export const pointsEntry: MenuEntry = {
  section: 'points',
  order: 20,
  label: 'bot.buttons.points',
  press: defineCallback('points'),
  command: { name: 'points', description: 'bot.commands.points', scopes: ['private'] },
  isQuickKey: true,
};
