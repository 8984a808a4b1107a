import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

export const miniAppEntry: MenuEntry = {
  section: 'membership',
  order: 5,
  label: 'mini_app.button',
  press: defineCallback('mini_app'),
  isShown: ({ hasMiniApp }) => hasMiniApp,
};
