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

export const termsAcceptPress = defineCallback('terms_accept');
export const deleteConfirmPress = defineCallback('delete_confirm');
export const deleteKeepPress = defineCallback('delete_keep');
export const restorePress = defineCallback('restore');
