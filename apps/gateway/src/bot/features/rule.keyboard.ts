import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(999_999_999);
const page = z.coerce.number().int().min(1).max(100_000);
const onOrOff = z.enum(['0', '1']);

export const rulesEntry: MenuEntry = {
  section: 'admin',
  order: 26,
  label: 'bot_rules.buttons.rules',
  press: defineCallback('a_rules'),
  isShown: mayDo('rule.read'),
};

export const ruleListPress = defineCallback('a_rule_list', z.object({ page }));
export const rulePress = defineCallback('a_rule', z.object({ id }));
/** Says what it shall be, so that a press that comes twice changes nothing. */
export const ruleSwitchPress = defineCallback('a_rule_set', z.object({ id, on: onOrOff }));
/** Asks whether it is meant. */
export const ruleAskPress = defineCallback('a_rule_ask', z.object({ id }));
export const ruleRemovePress = defineCallback('a_rule_del', z.object({ id }));
export const ruleTryPress = defineCallback('a_rule_try', z.object({ id }));
/** Stops all rules or lets them go on: asks why. */
export const rulesSwitchPress = defineCallback('a_rules_set', z.object({ on: onOrOff }));
export const ruleEventsPress = defineCallback('a_rule_events', z.object({ page }));
export const ruleWhyPress = defineCallback('a_rule_why', z.object({ event: z.string().regex(/^[0-9a-f-]{36}$/) }));
