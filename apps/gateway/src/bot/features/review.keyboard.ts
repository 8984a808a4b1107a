import { z } from 'zod';
import { activityStateSchema } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(999_999_999);
const userId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const page = z.coerce.number().int().min(1).max(100_000);

export const reviewEntry: MenuEntry = {
  section: 'admin',
  order: 22,
  label: 'bot_review.buttons.works',
  press: defineCallback('a_works'),
  isShown: mayDo('content.read'),
};

/** Goes on to the next one that waits, and leaves this one waiting. */
export const reviewNextPress = defineCallback('a_work_next', z.object({ page }));
export const reviewApprovePress = defineCallback('a_work_yes', z.object({ id, points: z.coerce.number().int() }));
export const reviewRejectPress = defineCallback('a_work_no', z.object({ id }));

export const adminActivitiesEntry: MenuEntry = {
  section: 'admin',
  order: 24,
  label: 'bot_review.buttons.activities',
  press: defineCallback('a_acts'),
  isShown: mayDo('activity.read'),
};

export const adminActivityListPress = defineCallback('a_act_list', z.object({ page }));
export const adminActivityPress = defineCallback('a_act', z.object({ id }));
export const adminActivityStatePress = defineCallback('a_act_state', z.object({ id, state: activityStateSchema }));
/** Asks whether it is meant: everybody who has a place is told. */
export const adminActivityCancelPress = defineCallback('a_act_cancel', z.object({ id }));
export const participantsPress = defineCallback('a_act_people', z.object({ id, page }));
export const participantApprovePress = defineCallback('a_act_yes', z.object({ id, user: userId }));
export const participantRefusePress = defineCallback('a_act_no', z.object({ id, user: userId }));
