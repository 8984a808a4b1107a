import { Composer } from 'telegraf';
import type { z } from 'zod';
import { AppError, type PermissionName } from '#contracts';
import type { BotContext } from './bot.types.js';
import { onPress, type CallbackData } from './callback.data.js';
import type { InlineCard } from './inline.types.js';
import type { Conversation } from './member/conversation.store.js';
import type { MenuEntry } from './menu.types.js';

type Composing = Composer<BotContext>;
type Handle = (context: BotContext, argument: string) => Promise<void>;

/** What follows is for whose role has the permission (U-13); for everybody else it does not exist. */
export function allowedTo(composer: Composing, permission: PermissionName): Composing {
  const allowed = new Composer<BotContext>();
  // Asked for its middleware when something comes: by then it has what was added to it.
  composer.use((context, next) => (context.visit.can(permission) ? allowed.middleware()(context, next) : next()));
  return allowed;
}

/**
 * Takes a press that needs a permission of its own among what others may see (U-13), above all one that decides. Its button is shown to
 * nobody else; an old button, still in the chat of who has lost the right, gets the usual refusal.
 */
export function pressDecides<Fields extends z.ZodObject>(
  composer: Composing,
  permission: PermissionName,
  press: CallbackData<Fields>,
  handle: (context: BotContext, fields: z.output<Fields>) => Promise<void>,
): void {
  composer.use(
    onPress(press, async (context, fields) => {
      mustHave(context, permission);
      await handle(context, fields);
    }),
  );
}

/** The same for an answer: to a question that was asked before the right was lost. */
export function answerDecides<Fields extends z.ZodObject>(
  composer: Composing,
  permission: PermissionName,
  conversation: Conversation<Fields>,
  handle: (context: BotContext, text: string, fields: z.output<Fields>) => Promise<void>,
): void {
  onAnswer(composer, conversation, async (context, text, fields) => {
    mustHave(context, permission);
    await handle(context, text, fields);
  });
}

function mustHave({ visit }: BotContext, permission: PermissionName): void {
  if (!visit.can(permission)) throw new AppError('auth.forbidden');
}

/** Opens a menu entry by its buttons and, in the private chat, by its command; `argument` is what stands behind the command. */
export function opens(composer: Composing, entry: MenuEntry, handle: Handle): void {
  if (entry.command !== undefined) {
    composer.command(entry.command.name, async (context, next) => {
      if (context.chat.type === 'private') await handle(context, context.payload.trim());
      else await next();
    });
  }
  composer.use(onPress(entry.press, (context) => handle(context, '')));
  onQuickKey(composer, entry.press.name, (context) => handle(context, ''));
}

/** Takes the press of a key below the input field. */
export function onQuickKey(composer: Composing, name: string, handle: (context: BotContext) => Promise<void>): void {
  composer.use(async (context, next) => {
    await (context.key === name ? handle(context) : next());
  });
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
    // Not `context.text`: that is a picture's caption, too.
    const text = context.message && 'text' in context.message ? context.message.text.trim() : '';
    await (text && fields?.success ? handle(context, text, fields.data) : next());
  });
}

/** Adds cards to what a known member is offered inline (B-02); a card that cannot be made now is left out. */
export function offersInline(
  composer: Composing,
  cards: (context: BotContext) => Promise<readonly InlineCard[]>,
): void {
  composer.on('inline_query', async (context, next) => {
    const offered = await cards(context).catch(() => []);
    context.cards = [...(context.cards ?? []), ...offered];
    await next();
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
