import { z } from 'zod';
import { broadcastActions, broadcastDigestSchema, localeSchema } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';
import { mayDo } from './admin.keyboard.js';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const broadcastsEntry: MenuEntry = {
  section: 'admin',
  order: 40,
  label: 'broadcasts.buttons.list',
  press: defineCallback('a_casts'),
  isShown: mayDo('broadcast.read'),
};

export const broadcastListPress = defineCallback('a_cast_list', z.object({ page: z.coerce.number().int().min(1) }));
export const broadcastPress = defineCallback('a_cast', z.object({ id }));
export const broadcastNewPress = defineCallback('a_cast_new');
/** Asks for the text in one language. */
export const broadcastTextPress = defineCallback('a_cast_text', z.object({ id, locale: localeSchema }));
export const broadcastEraseTextPress = defineCallback('a_cast_untext', z.object({ id, locale: localeSchema }));
export const broadcastTimePress = defineCallback('a_cast_time', z.object({ id }));
export const broadcastAtOncePress = defineCallback('a_cast_now', z.object({ id }));

export const broadcastAudiencePress = defineCallback('a_cast_who', z.object({ id }));
const audienceParts = ['membership', 'active', 'language', 'fallback', 'group'] as const;
export type AudiencePart = (typeof audienceParts)[number];
/** Says what it shall be, so that a press that comes twice changes nothing. */
export const broadcastNarrowPress = defineCallback(
  'a_cast_set',
  z.object({ id, part: z.enum(audienceParts), value: z.string().regex(/^[a-z0-9]{1,16}$/) }),
);
export const broadcastGroupsPress = defineCallback('a_cast_groups', z.object({ id }));

export const broadcastPreviewPress = defineCallback('a_cast_look', z.object({ id }));
export const broadcastTestPress = defineCallback('a_cast_test', z.object({ id }));
/** The number of recipients and the message as they were shown. */
export const broadcastConfirmPress = defineCallback(
  'a_cast_go',
  z.object({ id, recipients: z.coerce.number().int().nonnegative(), digest: broadcastDigestSchema }),
);
/** Asks whether it is meant. */
export const broadcastCancelPress = defineCallback('a_cast_stop', z.object({ id }));
export const broadcastSteerPress = defineCallback('a_cast_do', z.object({ id, action: z.enum(broadcastActions) }));
