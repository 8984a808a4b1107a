import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const page = z.coerce.number().int().min(1).max(100_000);
const draft = z.string().regex(/^[0-9]{1,16}$/);

/** The system's invite codes (U-05): the same permission as over REST. */
export const codesEntry: MenuEntry = {
  section: 'admin',
  order: 44,
  label: 'bot_codes.buttons.list',
  press: defineCallback('a_codes'),
  isShown: mayDo('invite_code.manage'),
};

export const codeListPress = defineCallback('a_code_list', z.object({ page }));
/** `page` is the one of the list on which the code stands. */
export const codePress = defineCallback('a_code', z.object({ id, page }));
/** Says what it shall be, so that a press that comes twice changes nothing. */
export const codeSwitchPress = defineCallback('a_code_set', z.object({ id, page, on: z.enum(['0', '1']) }));

export const codeNewPress = defineCallback('a_code_new');
export const codeTrialPress = defineCallback('a_code_trial');
export const codePlanPress = defineCallback('a_code_plan', z.object({ plan: z.string().regex(/^[a-z0-9_]{1,32}$/) }));
export const codeDaysPress = defineCallback('a_code_days');
/** As often as people come. */
export const codeAnyUsesPress = defineCallback('a_code_uses', z.object({ draft }));
/** At once and without an end. */
export const codeNoWindowPress = defineCallback('a_code_ever', z.object({ draft }));
export const codeConfirmPress = defineCallback('a_code_ok', z.object({ draft }));
