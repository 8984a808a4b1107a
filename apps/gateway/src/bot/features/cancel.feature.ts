import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { callbacks, onPress } from '../callback.data.js';
import { ConversationStore } from '../member/conversation.store.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { lookAround, menuButtons } from './menu.view.js';

/** `/cancel` leaves a conversation; so does every other command and button, for who goes elsewhere is not answering any more. */
@Injectable()
export class CancelFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly conversations: ConversationStore) {
    this.composer.command('cancel', (context) => this.cancel(context));
    this.composer.use(onPress(callbacks.cancel, (context) => this.cancel(context)));
    this.composer.use(async (context, next) => {
      if (context.callbackQuery || context.text?.startsWith('/')) await this.conversations.end(context);
      await next();
    });
  }

  private async cancel(context: BotContext): Promise<void> {
    const { visit } = context;
    const wasAsked = await this.conversations.end(context);
    const html = wasAsked ? visit.html('bot.cancel.done') : visit.html('bot.cancel.nothing');
    await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
  }
}
