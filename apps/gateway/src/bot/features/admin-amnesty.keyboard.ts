import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const page = z.coerce.number().int().min(1).max(100_000);
const draft = z.string().regex(/^[0-9]{1,16}$/);

/** Days without a check-in that are forgiven (P-02): the same permissions as over REST. */
export const amnestiesEntry: MenuEntry = {
  section: 'admin',
  order: 48,
  label: 'bot_amnesty.buttons.list',
  press: defineCallback('a_amnesties'),
  isShown: mayDo('amnesty.read'),
};

export const amnestyListPress = defineCallback('a_amn_list', z.object({ page }));
/** `page` is the one of the list on which the amnesty stands. */
export const amnestyPress = defineCallback('a_amn', z.object({ id, page }));
export const amnestyNewPress = defineCallback('a_amn_new');
export const amnestyUndoPress = defineCallback('a_amn_undo', z.object({ id }));
/** What was shown, a new amnesty or the undoing of one, is meant. */
export const amnestyConfirmPress = defineCallback('a_amn_ok', z.object({ draft }));
