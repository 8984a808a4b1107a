import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const checkInEntry: MenuEntry = {
  section: 'points',
  order: 10,
  label: 'bot.buttons.check_in',
  press: defineCallback('check_in'),
  command: {
    name: 'checkin',
    description: 'bot.commands.checkin',
    scopes: ['private', 'group'],
    isOursInGroups: true,
  },
  isShown: ({ hasCheckedIn }) => hasCheckedIn !== true,
  isUrgent: ({ hasCheckedIn }) => hasCheckedIn !== true,
  hint: () => 'bot.menu.hint_check_in',
  isQuickKey: true,
};
