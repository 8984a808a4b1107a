import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const changePhonePress = defineCallback('phone_change');
export const unbindPhonePress = defineCallback('phone_unbind');
export const unbindPhoneSurePress = defineCallback('phone_unbind_ok');

export const phoneEntry: MenuEntry = {
  section: 'settings',
  order: 15,
  label: 'verification.buttons.phone',
  press: defineCallback('phone'),
  command: { name: 'phone', description: 'verification.commands.phone', scopes: ['private'] },
};
