import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import type { MenuState } from '../menu.types.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { cancelButton, lookAround, menuButtons, menuHtml } from './menu.view.js';

/** What no other feature took, nonsense and old buttons, gets a menu that helps. Must be the last feature. */
@Injectable()
export class UnhandledFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.use((context) => this.showWay(context));
  }

  private async showWay(context: BotContext): Promise<void> {
    const { visit } = context;
    const reminder = context.asked && visit.lookup(context.asked.reminder);
    if (reminder !== undefined) {
      return sendAnswer(context, `${visit.html('bot.conversation.not_an_answer')}\n\n${reminder}`, [
        [cancelButton(visit)],
      ]);
    }
    const state = await lookAround(visit);
    await sendAnswer(context, this.wayHtml(context, state), menuButtons(visit, state));
  }

  private wayHtml({ visit, callbackQuery, text }: BotContext, state: MenuState): string {
    if (callbackQuery) return visit.html('bot.unhandled.old_button');
    // A link that means nothing to us has brought somebody here all the same.
    return text?.startsWith('/start') ? menuHtml(visit, state) : visit.html('bot.unhandled.text');
  }
}
