import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import type { Visit } from '../member/visit.client.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { languageRow } from './language.view.js';
import { lookAround, menuButtons, menuHtml } from './menu.view.js';
import { sendWithQuickKeys } from './quick-keys.view.js';

/** `/start`: greets and offers the languages. What comes by a deep link is for the feature that takes it. */
@Injectable()
export class StartFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.command('start', async (context, next) => {
      const { visit } = context;
      if (context.payload.trim() === '') {
        if (visit.isFirst) await sendWithQuickKeys(context, welcomeHtml(visit));
        await this.showMenu(context);
      } else {
        if (visit.isFirst) await sendAnswer(context, welcomeHtml(visit), [languageRow()]);
        await next();
      }
    });
  }

  private async showMenu(context: BotContext): Promise<void> {
    const { visit } = context;
    const state = await lookAround(visit);
    const html = visit.isFirst ? menuHtml(visit, state) : `${welcomeHtml(visit)}\n\n${menuHtml(visit, state)}`;
    await sendAnswer(context, html, [...menuButtons(visit, state), languageRow()]);
  }
}

function welcomeHtml(visit: Visit): string {
  const name = visit.member.first_name;
  return visit.isFirst ? visit.html('bot.start.welcome', { name }) : visit.html('bot.start.welcome_back', { name });
}
