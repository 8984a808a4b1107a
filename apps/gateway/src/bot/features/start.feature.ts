import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import type { Visit } from '../member/visit.client.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { languageRow } from './language.view.js';
import { lookAround, menuButtons, menuHtml } from './menu.view.js';

/** `/start`: greets and offers the languages. What comes by a deep link is for the feature that takes it. */
@Injectable()
export class StartFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.command('start', async (context, next) => {
      if (context.payload.trim() === '') return this.start(context);
      if (context.visit.isFirst) await sendAnswer(context, welcomeHtml(context.visit), [languageRow()]);
      await next();
    });
  }

  private async start(context: BotContext): Promise<void> {
    const { visit } = context;
    const state = await lookAround(visit);
    const html = `${welcomeHtml(visit)}\n\n${menuHtml(visit, state)}`;
    await sendAnswer(context, html, [...menuButtons(visit, state), languageRow()]);
  }
}

function welcomeHtml(visit: Visit): string {
  const name = visit.member.first_name;
  return visit.isFirst ? visit.html('bot.start.welcome', { name }) : visit.html('bot.start.welcome_back', { name });
}
