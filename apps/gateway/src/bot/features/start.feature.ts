import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import type { Visit } from '../member/visit.client.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { languageRow } from './language.view.js';
import { lookAround, menuButtons, menuHtml } from './menu.view.js';
import { sendWithQuickKeys } from './quick-keys.view.js';
import { termsNotice } from './terms.view.js';

/** `/start`: greets, offers the languages and tells of the terms (U-15). What comes by a deep link is for the feature that takes it. */
@Injectable()
export class StartFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    this.composer.command('start', async (context, next) => {
      const { visit } = context;
      if (context.payload.trim() === '') {
        if (visit.isFirst) await sendWithQuickKeys(context, welcomeHtml(visit));
        await this.showMenu(context);
      } else {
        if (visit.isFirst) await this.greet(context);
        await next();
      }
    });
  }

  private async showMenu(context: BotContext): Promise<void> {
    const { visit } = context;
    const state = await lookAround(visit);
    const terms = await termsNotice(visit, this.settings, state);
    const welcome = visit.isFirst ? [] : [welcomeHtml(visit)];
    const html = paragraphs([...welcome, menuHtml(visit, state), terms.html]);
    await sendAnswer(context, html, [...terms.rows, ...menuButtons(visit, state), languageRow()]);
  }

  private async greet(context: BotContext): Promise<void> {
    const { visit } = context;
    const terms = await termsNotice(visit, this.settings, { membership: 'none' });
    await sendAnswer(context, paragraphs([welcomeHtml(visit), terms.html]), [...terms.rows, languageRow()]);
  }
}

function welcomeHtml(visit: Visit): string {
  const name = visit.member.first_name;
  return visit.isFirst ? visit.html('bot.start.welcome', { name }) : visit.html('bot.start.welcome_back', { name });
}

function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
