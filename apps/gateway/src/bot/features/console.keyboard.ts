import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** Accounts of the admin console: the same permission as over REST (U-13). */
export const consoleEntry: MenuEntry = {
  section: 'admin',
  order: 60,
  label: 'bot_console.buttons.list',
  press: defineCallback('a_consoles'),
  isShown: ({ permissions }) => permissions.includes('console_account.manage'),
};

export const consolePagePress = defineCallback('a_console_page', z.object({ page: z.coerce.number().int().min(1) }));
export const consolePress = defineCallback('a_console', z.object({ id }));
export const consoleNewPress = defineCallback('a_console_new', z.object({ id }));
/** Asks whether it is meant: both end what the account has now. */
export const consoleAskPress = defineCallback('a_console_ask', z.object({ id, action: z.enum(['renew', 'close']) }));
export const consoleDoPress = defineCallback(
  'a_console_do',
  z.object({ id, action: z.enum(['renew', 'close']), mark: z.string().regex(/^[0-9]{1,16}$/) }),
);
