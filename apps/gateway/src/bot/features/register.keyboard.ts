import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry, MenuState } from '../menu.types.js';

export const registerWithPress = defineCallback(
  'register_with',
  z.object({ code: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/) }),
);

export const registerEntry: MenuEntry = {
  section: 'membership',
  order: 20,
  label: 'bot.buttons.register',
  // A code prolongs a membership that runs, or that has run.
  labelFor: (state) => (hasBeenMember(state) ? 'bot.buttons.renew' : 'bot.buttons.register'),
  press: defineCallback('register'),
  command: { name: 'register', description: 'bot.commands.register', scopes: ['private', 'group_admin'] },
  isShown: ({ membership }) => membership !== 'permanent',
  isUrgent: ({ isMember }) => isMember !== true,
  hint: (state) => (hasBeenMember(state) ? 'bot.menu.hint_renew' : 'bot.menu.hint_register'),
};

function hasBeenMember({ membership }: MenuState): boolean {
  return membership !== null && membership !== 'none';
}
