import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

/** Under which name the bot remembers the address that the buttons below a code or an offer are about. */
export const addressMemo = 'address';

/** Bind the address that was typed before: it is too long for a button, so the bot remembers it. */
export const bindTypedPress = defineCallback('bind_typed');
export const newCodePress = defineCallback('new_code');
export const verificationPress = defineCallback(
  'verification',
  z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,48}$/) }),
);

export const bindEntry: MenuEntry = {
  section: 'settings',
  order: 10,
  label: 'bot.buttons.bind',
  press: defineCallback('bind'),
  command: { name: 'bind', description: 'bot.commands.bind', scopes: ['private'] },
  isShown: ({ hasEmail }) => hasEmail !== true,
  isUrgent: ({ hasEmail }) => hasEmail !== true,
  hint: () => 'bot.menu.hint_bind',
};

/** The same for who has an address already. */
export const changeAddressEntry: MenuEntry = {
  section: 'settings',
  order: 11,
  label: 'bot.buttons.change_address',
  press: bindEntry.press,
  isShown: ({ hasEmail }) => hasEmail === true,
};
