import type { Composer } from 'telegraf';
import type { z } from 'zod';
import type { BotContext } from './bot.types.js';
import { onPress } from './callback.data.js';
import type { Conversation } from './member/conversation.store.js';
import type { MenuEntry } from './menu.types.js';

type Composing = Composer<BotContext>;
type Handle = (context: BotContext, argument: string) => Promise<void>;

/** Opens a menu entry by its button and, in the private chat, by its command; `argument` is what stands behind the command. */
export function opens(composer: Composing, entry: MenuEntry, handle: Handle): void {
  if (entry.command !== undefined) {
    composer.command(entry.command.name, async (context, next) => {
      if (context.chat.type === 'private') await handle(context, context.payload.trim());
      else await next();
    });
  }
  composer.use(onPress(entry.press, (context) => handle(context, '')));
}

/** Answers a command in groups; its word must be declared with the scope `group` or `group_admin`. */
export function answersInGroups(composer: Composing, { name }: { readonly name: string }, handle: Handle): void {
  composer.command(name, async (context, next) => {
    if (context.chat.type === 'private') await next();
    else await handle(context, context.payload.trim());
  });
}

/** Takes a text as the answer to what was asked in this conversation (`ConversationStore.begin`). */
export function onAnswer<Fields extends z.ZodObject>(
  composer: Composing,
  conversation: Conversation<Fields>,
  handle: (context: BotContext, text: string, fields: z.output<Fields>) => Promise<void>,
): void {
  composer.use(async (context, next) => {
    const fields =
      context.asked?.name === conversation.name ? conversation.fields.safeParse(context.asked.fields) : null;
    const text = context.message && context.text?.trim();
    await (text && fields?.success ? handle(context, text, fields.data) : next());
  });
}

/** Takes a deep link, `t.me/<bot>?start=<payload>`, whose payload fits (B-02). Newcomers have been greeted before. */
export function onDeepLink(
  composer: Composing,
  payload: RegExp,
  handle: (context: BotContext, match: RegExpExecArray) => Promise<void>,
): void {
  composer.command('start', async (context, next) => {
    const match = payload.exec(context.payload.trim());
    await (match ? handle(context, match) : next());
  });
}
