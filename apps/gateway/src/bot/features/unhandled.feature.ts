import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { lookAround, menuButtons } from './menu.view.js';

/** What no other feature took, nonsense and old buttons, gets a menu that helps. Must be the last feature. */
@Injectable()
export class UnhandledFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.use((context) => this.showWay(context));
  }

  private async showWay(context: BotContext): Promise<void> {
    const { visit } = context;
    const html = context.callbackQuery ? visit.html('bot.unhandled.old_button') : visit.html('bot.unhandled.text');
    await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
  }
}
