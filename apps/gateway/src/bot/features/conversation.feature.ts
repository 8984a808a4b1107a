import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { message } from 'telegraf/filters';
import type { BotContext, BotFeature } from '../bot.types.js';
import { ConversationStore } from '../member/conversation.store.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { BindFeature } from './bind.feature.js';
import { RegisterFeature } from './register.feature.js';

/** Takes a text as the answer to what was asked last. A late answer is told so and then read like any other text. */
@Injectable()
export class ConversationFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    private readonly registration: RegisterFeature,
    private readonly binding: BindFeature,
  ) {
    this.composer.on(message('text'), async (context, next) => {
      const isAnswer = !context.text.startsWith('/') && (await this.answer(context, context.text.trim()));
      if (!isAnswer) await next();
    });
  }

  private async answer(context: BotContext, text: string): Promise<boolean> {
    const state = await this.conversations.current(context);
    if (state === null) return false;
    if (state === 'expired') {
      await this.conversations.end(context);
      await sendAnswer(context, context.visit.html('bot.conversation.late'));
      return false;
    }
    if (state.asks === 'nothing') return false;
    await (state.asks === 'invite_code' ? this.registration.register(context, text) : this.binding.bind(context, text));
    return true;
  }
}
