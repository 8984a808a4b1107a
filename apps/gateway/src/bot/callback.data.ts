import type { MiddlewareFn } from 'telegraf';
import { z } from 'zod';
import type { BotContext } from './bot.types.js';

/** Grows when the meaning of old buttons changes: what is left of them in the chats then counts as outdated. */
const version = '1';
const bytesAtMost = 64;
const separator = ':';
const namePattern = /^[a-z][a-z0-9_]{1,15}$/;

/**
 * The data of one kind of button: packed into Telegram's 64 bytes, and back. Anybody can send any data, so nothing in it is
 * believed: a press does what the one who presses may do, and the owner of the data checks ids and rights.
 */
export interface CallbackData<Fields extends z.ZodObject> {
  readonly name: string;
  /** @throws Error when it does not fit into 64 bytes, or would not come back as it is. */
  pack(fields: z.input<Fields>): string;
  /** Undefined for another kind of button, another version, or fields that do not fit. */
  unpack(data: string): z.output<Fields> | undefined;
}

type Nothing = z.ZodObject<Record<never, never>>;
const nothing: Nothing = z.object({});
const names = new Set<string>();

/** Declares one kind of button, beside the feature that answers it. @throws Error when the name is taken or too long. */
export function defineCallback(name: string): CallbackData<Nothing>;
export function defineCallback<Fields extends z.ZodObject>(name: string, fields: Fields): CallbackData<Fields>;
export function defineCallback(name: string, schema: z.ZodObject = nothing): CallbackData<z.ZodObject> {
  if (!namePattern.test(name)) throw new Error(`a button's name is 2 to 16 of a-z 0-9 _, not "${name}"`);
  if (names.has(name)) throw new Error(`two kinds of buttons are called "${name}"`);
  names.add(name);
  const keys = Object.keys(schema.shape);
  return {
    name,
    pack(fields) {
      const values = keys.map((key) => String(fields[key]));
      const data = [version, name, ...values].join(separator);
      if (Buffer.byteLength(data) > bytesAtMost)
        throw new Error(`the button ${name} holds more than ${bytesAtMost} bytes`);
      if (values.some((value) => value.includes(separator))) throw new Error(`the button ${name} holds a separator`);
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

/** Whether the update is a press of this kind of button. */
export function isPress<Fields extends z.ZodObject>(context: BotContext, callback: CallbackData<Fields>): boolean {
  const query = context.callbackQuery;
  return query !== undefined && 'data' in query && callback.unpack(query.data) !== undefined;
}
