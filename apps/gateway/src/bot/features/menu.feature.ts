import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { callbacks, onPress } from '../callback.data.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { lookAround, menuButton, menuButtons, menuHtml } from './menu.view.js';

/** `/menu` and `/help`: what there is to do, fitted to the member's state. */
@Injectable()
export class MenuFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.command('menu', (context) => this.showMenu(context));
    this.composer.command('help', (context) => this.showHelp(context));
    this.composer.use(onPress(callbacks.menu, (context) => this.showMenu(context)));
    this.composer.use(onPress(callbacks.help, (context) => this.showHelp(context)));
  }

  private async showMenu(context: BotContext): Promise<void> {
    const state = await lookAround(context.visit);
    await sendAnswer(context, menuHtml(context.visit, state), menuButtons(context.visit, state));
  }

  private async showHelp(context: BotContext): Promise<void> {
    await sendAnswer(context, context.visit.html('bot.help.text'), [[menuButton(context.visit)]]);
  }
}
