import { z } from 'zod';
import { activityLists } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

const id = z.coerce.number().int().min(1).max(999_999_999);
const page = z.coerce.number().int().min(1).max(100_000);

export const activityListPress = defineCallback('act_list', z.object({ list: z.enum(activityLists), page }));
export const activityCardPress = defineCallback('act_card', z.object({ id }));
export const activityJoinPress = defineCallback('act_join', z.object({ id }));
export const activityLeavePress = defineCallback('act_leave', z.object({ id }));
/** Begins to show that one took part, in the activity's way. */
export const activityShowPress = defineCallback('act_show', z.object({ id }));

export const activitiesEntry: MenuEntry = {
  section: 'activities',
  order: 10,
  label: 'activities.button',
  press: defineCallback('activities'),
  command: { name: 'activities', description: 'activities.command', scopes: ['private'] },
};

export const contentWithdrawPress = defineCallback('cont_withdraw', z.object({ id }));
export const contentListPress = defineCallback('cont_list', z.object({ page }));

export const submitEntry: MenuEntry = {
  section: 'activities',
  order: 20,
  label: 'activities.submit.button',
  press: defineCallback('submit'),
  command: { name: 'submit', description: 'activities.submit.command', scopes: ['private'] },
};
