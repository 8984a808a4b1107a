import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { languageRow } from './language.view.js';
import { lookAround, menuButtons, menuHtml } from './menu.view.js';
import { RegisterFeature } from './register.feature.js';

/** An invitation as a deep link carries it: `?start=inv_CODE` (B-02). */
const invitation = /^inv_([A-Za-z0-9_-]{1,32})$/;

/** `/start`: greets, offers the languages, and registers who comes with an invitation. */
@Injectable()
export class StartFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly registration: RegisterFeature) {
    this.composer.command('start', (context) => this.start(context, context.payload));
  }

  private async start(context: BotContext, payload: string): Promise<void> {
    const { visit } = context;
    const name = visit.member.first_name;
    const welcome = visit.isFirst
      ? visit.html('bot.start.welcome', { name })
      : visit.html('bot.start.welcome_back', { name });
    const code = invitation.exec(payload)?.[1];
    if (code !== undefined) {
      await sendAnswer(context, welcome, [languageRow()]);
      await this.registration.register(context, code);
      return;
    }
    const state = await lookAround(visit);
    await sendAnswer(context, `${welcome}\n\n${menuHtml(visit, state)}`, [...menuButtons(visit, state), languageRow()]);
  }
}
