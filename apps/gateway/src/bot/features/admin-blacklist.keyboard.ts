import { z } from 'zod';
import { blacklistKinds } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const page = z.coerce.number().int().min(1).max(100_000);

/** Mail addresses that get no code (U-08): the same permissions as over REST. */
export const blacklistEntry: MenuEntry = {
  section: 'admin',
  order: 46,
  label: 'bot_blacklist.buttons.list',
  press: defineCallback('a_blacks'),
  isShown: mayDo('email_blacklist.read'),
};

export const blacklistPagePress = defineCallback('a_black_list', z.object({ page }));
/** `page` is the one of the list on which the entry stands. */
export const blacklistCardPress = defineCallback('a_black', z.object({ id, page }));
/** Asks whether it is meant. */
export const blacklistAskPress = defineCallback('a_black_ask', z.object({ id, page }));
export const blacklistRemovePress = defineCallback('a_black_del', z.object({ id }));

export const blacklistAddPress = defineCallback('a_black_new', z.object({ kind: z.enum(blacklistKinds) }));
/** A pattern, which may fit many, is shown once more before it counts. */
export const blacklistConfirmPress = defineCallback(
  'a_black_ok',
  z.object({ draft: z.string().regex(/^[0-9]{1,16}$/) }),
);
export const blacklistCheckPress = defineCallback('a_black_try');
