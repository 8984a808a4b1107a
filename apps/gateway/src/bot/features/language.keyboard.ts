import { z } from 'zod';
import { localeSchema } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const languagePress = defineCallback('language', z.object({ locale: localeSchema }));

export const languageEntry: MenuEntry = {
  section: 'settings',
  order: 90,
  label: 'bot.buttons.language',
  press: defineCallback('languages'),
  command: { name: 'language', description: 'bot.commands.language', scopes: ['private'] },
};
