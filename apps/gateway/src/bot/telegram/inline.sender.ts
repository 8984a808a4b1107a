import type { InlineQueryResultArticle } from 'telegraf/types';
import type { BotContext } from '../bot.types.js';
import type { InlineCard } from '../inline.types.js';

/** Points and streaks change: a card is not offered longer than this. */
const keptSeconds = 10;
const cardsAtMost = 20;

/** Offers the cards to who typed the bot's name, and above them a way into the private chat. */
export async function answerInline(context: BotContext, cards: readonly InlineCard[], open: string): Promise<void> {
  const results = cards.slice(0, cardsAtMost).map((card) => articleOf(context.me, card));
  const button = { text: open, start_parameter: 'inline' };
  await context.answerInlineQuery(results, { cache_time: keptSeconds, is_personal: true, button });
}

function articleOf(botName: string, { id, title, description, html, open }: InlineCard): InlineQueryResultArticle {
  const url = `https://t.me/${botName}?start=${open?.payload ?? ''}`;
  return {
    type: 'article',
    id,
    title,
    description,
    input_message_content: {
      message_text: html,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    },
    ...(open && { reply_markup: { inline_keyboard: [[{ text: open.text, url }]] } }),
  };
}
