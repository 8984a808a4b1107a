import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const inviteEntry: MenuEntry = {
  section: 'membership',
  order: 30,
  label: 'bot.buttons.invite',
  press: defineCallback('invite'),
  command: { name: 'invite', description: 'bot.commands.invite', scopes: ['private'] },
  // Who has been a member may invite, too (U-05).
  isShown: ({ membership }) => membership !== 'none',
};
