import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import { menuSections, type LooseCommand, type MenuEntry } from '../menu.types.js';

export const menuPress = defineCallback('menu');
export const cancelPress = defineCallback('cancel');
/** A part of the menu, shown in its place. */
export const sectionPress = defineCallback('section', z.object({ section: z.enum(menuSections) }));

export const menuCommand: LooseCommand = {
  order: -10,
  name: 'menu',
  description: 'bot.commands.menu',
  scopes: ['private'],
};

export const cancelCommand: LooseCommand = {
  order: 10,
  name: 'cancel',
  description: 'bot.commands.cancel',
  scopes: ['private'],
};

export const helpEntry: MenuEntry = {
  section: 'help',
  order: 10,
  label: 'bot.buttons.help',
  press: defineCallback('help'),
  command: { name: 'help', description: 'bot.commands.help', scopes: ['private', 'group'] },
};
