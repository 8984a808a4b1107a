import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { answerInline } from '../telegram/inline.sender.js';

/** Answers a member's inline query with the cards of all features; they have been gathered on the way here. */
@Injectable()
export class InlineAnswerFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.on('inline_query', async (context) => {
      const { visit, cards = [], inlineQuery } = context;
      const wanted = inlineQuery.query.trim().toLocaleLowerCase();
      const fitting = cards.filter(({ title }) => title.toLocaleLowerCase().includes(wanted));
      await answerInline(context, fitting.length > 0 ? fitting : cards, visit.text('bot.inline.open'));
    });
  }
}
