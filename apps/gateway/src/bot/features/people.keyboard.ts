import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { LooseCommand, MenuEntry } from '../menu.types.js';

/** What is asked for in words. */
export const typedFields = [
  'nickname',
  'avatar_url',
  'timezone',
  'birthday',
  'country',
  'province',
  'city',
  'remind_at',
] as const;
export type TypedField = (typeof typedFields)[number];

/** What is on or off. */
export const switches = ['leaderboards', 'check_in', 'membership'] as const;

export const settingsEntry: MenuEntry = {
  section: 'settings',
  order: 20,
  label: 'people.buttons.settings',
  press: defineCallback('settings'),
  command: { name: 'settings', description: 'people.commands.settings', scopes: ['private'] },
};

export const sessionsEntry: MenuEntry = {
  section: 'settings',
  order: 30,
  label: 'people.buttons.sessions',
  press: defineCallback('sessions'),
  command: { name: 'sessions', description: 'people.commands.sessions', scopes: ['private'] },
};

/** Needed only after somebody was asked: it has no button in the menu. */
export const confirmCommand: LooseCommand = {
  name: 'confirm',
  description: 'people.commands.confirm',
  scopes: ['private'],
  order: 1,
};

export const editPress = defineCallback('set_edit', z.object({ field: z.enum(typedFields) }));
export const clearPress = defineCallback('set_clear', z.object({ field: z.enum(typedFields) }));
/** Says what it shall be, so that a press that comes twice changes nothing. */
export const switchPress = defineCallback('set_switch', z.object({ name: z.enum(switches), on: z.enum(['0', '1']) }));
export const zonePress = defineCallback('set_zone', z.object({ zone: z.string().regex(/^[A-Za-z_/]{3,40}$/) }));
export const countryPress = defineCallback('set_country', z.object({ country: z.string().regex(/^[A-Z]{2}$/) }));

export const endSessionPress = defineCallback('end_session', z.object({ id: z.string().regex(/^[0-9a-f-]{36}$/) }));
export const endAllPress = defineCallback('end_sessions');

export const stepUpPress = defineCallback(
  'step_up',
  z.object({ id: z.string().regex(/^[0-9a-f-]{36}$/), yes: z.enum(['0', '1']) }),
);
