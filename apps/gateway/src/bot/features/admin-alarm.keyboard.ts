import { z } from 'zod';
import { alarmStateSchema } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const page = z.coerce.number().int().min(1).max(100_000);
const state = alarmStateSchema;

/** Alarms of points that move too fast (P-09): the same permissions as over REST. */
export const alarmsEntry: MenuEntry = {
  section: 'admin',
  order: 21,
  label: 'bot_alarms.buttons.list',
  press: defineCallback('a_alarms'),
  isShown: mayDo('velocity.read'),
};

export const alarmListPress = defineCallback('a_alarm_list', z.object({ state, page }));
/** `state` and `page` are those of the list on which the alarm stands. */
export const alarmPress = defineCallback('a_alarm', z.object({ id, state, page }));
export const alarmTakePress = defineCallback('a_alarm_take', z.object({ id }));
export const alarmClosePress = defineCallback('a_alarm_close', z.object({ id }));
