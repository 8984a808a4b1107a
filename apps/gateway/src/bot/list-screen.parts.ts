import type { Composer } from 'telegraf';
import { z } from 'zod';
import type { BotContext } from './bot.types.js';
import { onPress, type CallbackData } from './callback.data.js';
import { opens } from './feature.parts.js';
import type { Visit } from './member/visit.client.js';
import type { MenuEntry } from './menu.types.js';
import { replaceAnswer, sendAnswer, type ButtonRows } from './telegram/answer.sender.js';

/** What one message says and the buttons below it. */
export type Screen = [html: string, buttons: ButtonRows];

/** The field of a button that turns to another page. */
type PageField = z.ZodObject<{ page: z.ZodCoercedNumber<unknown> }>;

/** Opens a list from the menu at its first page, and turns its pages in the same message. */
export function showsPages(
  composer: Composer<BotContext>,
  { entry, turn }: { readonly entry: MenuEntry; readonly turn: CallbackData<PageField> },
  list: (visit: Visit, page: number) => Promise<Screen>,
): void {
  opens(composer, entry, async (context) => sendAnswer(context, ...(await list(context.visit, 1))));
  composer.use(
    onPress(turn, async (context, { page }) => replaceAnswer(context, ...(await list(context.visit, page)))),
  );
}

interface Page {
  readonly items: readonly unknown[];
  readonly page_size: number;
  readonly total: number;
}

/** A page of a list; an old button may ask for one that is none any more: the last one then. */
export async function pageOrLast<Found extends Page>(
  page: number,
  list: (page: number) => Promise<Found>,
): Promise<Found> {
  const found = await list(page);
  if (found.items.length > 0 || found.total === 0) return found;
  return list(Math.ceil(found.total / found.page_size));
}

/** What a list shows, where it showed it: newer ones may have pushed it to the page behind. Undefined when it is not there any more. */
export async function findListed<Item extends { readonly id: number }>(
  { id, page }: { readonly id: number; readonly page: number },
  list: (page: number) => Promise<{ readonly items: readonly Item[] }>,
): Promise<{ readonly item: Item; readonly page: number } | undefined> {
  for (const at of [page, page + 1]) {
    const { items } = await list(at);
    const item = items.find((one) => one.id === id);
    if (item !== undefined) return { item, page: at };
  }
  return undefined;
}
