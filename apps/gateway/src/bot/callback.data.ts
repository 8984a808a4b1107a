import type { MiddlewareFn } from 'telegraf';
import { z } from 'zod';
import { localeSchema } from '#contracts';
import type { BotContext } from './bot.types.js';

/** Grows when the meaning of old buttons changes: what is left of them in the chats then counts as outdated. */
const version = '1';
const bytesAtMost = 64;
const separator = ':';

/** The data of one kind of button: packed into Telegram's 64 bytes, and back. */
export interface CallbackData<Fields extends z.ZodObject> {
  /** @throws Error when it does not fit into 64 bytes. */
  pack(fields: z.input<Fields>): string;
  /** Undefined for another kind of button, another version, or fields that do not fit. */
  unpack(data: string): z.output<Fields> | undefined;
}

function defineCallback<Fields extends z.ZodObject>(name: string, schema: Fields): CallbackData<Fields> {
  const keys = Object.keys(schema.shape);
  return {
    pack(fields) {
      const values = keys.map((key) => String((fields as Record<string, unknown>)[key]));
      const data = [version, name, ...values].join(separator);
      if (Buffer.byteLength(data) > bytesAtMost)
        throw new Error(`the button ${name} holds more than ${bytesAtMost} bytes`);
      return data;
    },
    unpack(data) {
      const [itsVersion, itsName, ...values] = data.split(separator);
      if (itsVersion !== version || itsName !== name || values.length !== keys.length) return undefined;
      const parsed = schema.safeParse(Object.fromEntries(keys.map((key, index) => [key, values[index]])));
      return parsed.success ? parsed.data : undefined;
    },
  };
}

const nothing = z.object({});

/** Every button of the bot. */
export const callbacks = {
  menu: defineCallback('menu', nothing),
  help: defineCallback('help', nothing),
  cancel: defineCallback('cancel', nothing),
  register: defineCallback('register', nothing),
  registerWith: defineCallback('register_with', z.object({ code: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/) })),
  invite: defineCallback('invite', nothing),
  bind: defineCallback('bind', nothing),
  /** Bind the address that was typed before: it is too long for a button, so it waits in the conversation. */
  bindTyped: defineCallback('bind_typed', nothing),
  verification: defineCallback('verification', z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,48}$/) })),
  newCode: defineCallback('new_code', nothing),
  checkIn: defineCallback('check_in', nothing),
  points: defineCallback('points', nothing),
  pointsPage: defineCallback('points_page', z.object({ page: z.coerce.number().int().min(1).max(100_000) })),
  profile: defineCallback('profile', nothing),
  languages: defineCallback('languages', nothing),
  language: defineCallback('language', z.object({ locale: localeSchema })),
} as const;

/** Handles the presses of one kind of button; everything else goes on. */
export function onPress<Fields extends z.ZodObject>(
  callback: CallbackData<Fields>,
  handle: (context: BotContext, fields: z.output<Fields>) => Promise<void>,
): MiddlewareFn<BotContext> {
  return async (context, next) => {
    const query = context.callbackQuery;
    const fields = query && 'data' in query ? callback.unpack(query.data) : undefined;
    await (fields === undefined ? next() : handle(context, fields));
  };
}
