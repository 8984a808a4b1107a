import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { message } from 'telegraf/filters';
import type { BotContext, BotFeature } from '../bot.types.js';
import { ConversationStore } from '../member/conversation.store.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { addressMemo, bindTypedPress } from './bind.keyboard.js';
import { menuButton } from './menu.view.js';
import { registerWithPress } from './register.keyboard.js';
import { understandText } from './typed-text.rules.js';

/** Understands a code or an address that somebody just typed, and offers what can be done with it. */
@Injectable()
export class TypedTextFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly conversations: ConversationStore) {
    this.composer.on(message('text'), async (context, next) => {
      if (!(await this.offer(context, context.text))) await next();
    });
  }

  private async offer(context: BotContext, text: string): Promise<boolean> {
    const { visit } = context;
    const typed = understandText(text);
    switch (typed.kind) {
      case 'invite_code': {
        const use = button(
          visit.text('bot.buttons.use_code', { code: typed.code }),
          registerWithPress.pack({ code: typed.code }),
        );
        await sendAnswer(context, visit.html('bot.typed.code', { code: typed.code }), [[use], [menuButton(visit)]]);
        return true;
      }
      case 'address': {
        await this.conversations.keep(context, addressMemo, typed.address);
        const bind = button(visit.text('bot.buttons.bind_address'), bindTypedPress.pack({}));
        await sendAnswer(context, visit.html('bot.typed.address', { address: typed.address }), [
          [bind],
          [menuButton(visit)],
        ]);
        return true;
      }
      case 'verification_code':
        await sendAnswer(context, visit.html('bot.typed.mail_code'), [[menuButton(visit)]]);
        return true;
      case 'unknown':
        return false;
    }
  }
}
