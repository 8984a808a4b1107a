import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const profileEntry: MenuEntry = {
  section: 'membership',
  order: 10,
  label: 'bot.buttons.profile',
  press: defineCallback('profile'),
  command: { name: 'me', description: 'bot.commands.me', scopes: ['private'] },
};
