import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { ConversationStore } from '../member/conversation.store.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { cancelCommand, cancelPress } from './menu.keyboard.js';
import { lookAround, menuButtons } from './menu.view.js';
import { quickKeyOf } from './quick-keys.view.js';

/** `/cancel` leaves a conversation; so does every other command and button, for who goes elsewhere is not answering any more. */
@Injectable()
export class CancelFeature implements BotFeature {
  static readonly commands = [cancelCommand];
  readonly composer = new Composer<BotContext>();

  constructor(private readonly conversations: ConversationStore) {
    this.composer.command(cancelCommand.name, (context) => this.cancel(context));
    this.composer.use(onPress(cancelPress, (context) => this.cancel(context)));
    this.composer.use(async (context, next) => {
      await this.recollect(context);
      await next();
    });
  }

  /** Another command, button or key ends the conversation; any other message may be its answer. A late one is told so. */
  private async recollect(context: BotContext): Promise<void> {
    const key = context.message && quickKeyOf(context.visit, context.text);
    if (key !== undefined) context.key = key;
    if (context.callbackQuery || context.text?.startsWith('/') || key !== undefined) {
      await this.conversations.end(context);
      return;
    }
    const asked = await this.conversations.current(context);
    if (asked === 'expired') {
      await this.conversations.end(context);
      await sendAnswer(context, context.visit.html('bot.conversation.late'));
    } else if (asked !== null) {
      context.asked = asked;
    }
  }

  private async cancel(context: BotContext): Promise<void> {
    const { visit } = context;
    const wasAsked = await this.conversations.end(context);
    const html = wasAsked ? visit.html('bot.cancel.done') : visit.html('bot.cancel.nothing');
    await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
  }
}
