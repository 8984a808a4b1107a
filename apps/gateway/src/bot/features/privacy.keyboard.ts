import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { LooseCommand, MenuEntry } from '../menu.types.js';

export const dataEntry: MenuEntry = {
  section: 'settings',
  order: 91,
  label: 'account.buttons.mydata',
  press: defineCallback('my_data'),
  command: { name: 'mydata', description: 'account.commands.mydata', scopes: ['private'] },
};

export const termsEntry: MenuEntry = {
  section: 'settings',
  order: 92,
  label: 'account.buttons.terms',
  press: defineCallback('terms'),
  command: { name: 'terms', description: 'account.commands.terms', scopes: ['private'] },
};

export const deleteEntry: MenuEntry = {
  section: 'settings',
  order: 93,
  label: 'account.buttons.delete',
  press: defineCallback('delete_ask'),
  command: { name: 'delete', description: 'account.commands.delete', scopes: ['private'] },
};

export const restoreCommand: LooseCommand = {
  name: 'restore',
  description: 'account.commands.restore',
  scopes: [],
  order: 95,
};

const termsVersion = z.string().regex(/^[A-Za-z0-9._-]{1,16}$/);

/** Names the version that was shown: a newer one is not accepted by an old button. */
export const termsAcceptPress = defineCallback('terms_accept', z.object({ version: termsVersion }));
/** Accepts and goes on with the registration that had to wait for it. */
export const termsJoinPress = defineCallback(
  'terms_join',
  z.object({ version: termsVersion, code: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/) }),
);
export const deleteConfirmPress = defineCallback('delete_confirm');
export const deleteKeepPress = defineCallback('delete_keep');
export const restorePress = defineCallback('restore');
