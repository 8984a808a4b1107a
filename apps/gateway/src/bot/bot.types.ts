import type { Composer, Context } from 'telegraf';
import type { InlineCard } from './inline.types.js';
import type { Asked } from './member/conversation.store.js';
import type { Visit } from './member/visit.client.js';

/** An update on its way through the features. `visit` is set before any of them runs. */
export interface BotContext extends Context {
  visit: Visit;
  /** What this message may be the answer to. */
  asked?: Asked;
  /** The key below the input field that was pressed, by its name. */
  key?: string;
  /** In a group that hears enough of the bot: what is left to say is said in private. */
  isCrowded?: boolean;
  /** What has been gathered for an inline query. */
  cards?: InlineCard[];
}

/** One thing the bot can do. It turns updates into commands and queries and their answers into texts; it decides nothing. */
export interface BotFeature {
  readonly composer: Composer<BotContext>;
}

/** What is asked for when updates are received: named one by one, because the default leaves `chat_member` out. */
export const allowedUpdates = [
  'message',
  'callback_query',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'inline_query',
] as const;
