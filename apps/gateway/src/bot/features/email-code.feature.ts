import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { type AppError, ConfirmEmailCode, SendEmailCode, type ErrorName } from '#contracts';
import { Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { refusalText } from '../refusal.text.js';
import { button, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import { addressMemo, bindEntry } from './bind.keyboard.js';
import { emailCodePress } from './email-code.keyboard.js';
import { cancelButton, lookAround, menuButtons } from './menu.view.js';
import { orAskAgain, type Asking } from './retry.parts.js';

/** After these the same question stands. */
const worthAnotherTry: readonly ErrorName[] = ['request.invalid', 'verification.code_wrong'];

const codeAsked = defineConversation(
  'email_code',
  'verification.code.reminder',
  z.object({ id: z.string().max(64), email: z.string().max(320) }),
);

/** The fallback of `/bind` (U-09): we mail the code, the member types it here. */
@Injectable()
export class EmailCodeFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    private readonly texts: Texts,
  ) {
    this.asking = { conversations, worthAnotherTry, askAgain: (context, refusal) => this.askAgain(context, refusal) };
    this.composer.use(onPress(emailCodePress, (context) => this.send(context)));
    onAnswer(this.composer, codeAsked, (context, text, asked) => this.confirm(context, text, asked));
  }

  private async send(context: BotContext): Promise<void> {
    const { visit } = context;
    const address = await this.conversations.recall(context, addressMemo);
    if (address === null) {
      return sendAnswer(context, visit.html('verification.email.forgotten'), [
        [anotherAddress(visit)],
        [cancelButton(visit)],
      ]);
    }
    const { id, email } = await visit.command(SendEmailCode, { email: address });
    await this.conversations.begin(context, codeAsked, { id, email });
    await sendAnswer(context, visit.html('verification.email.code_sent', { email }), rows(visit));
  }

  private async confirm(context: BotContext, code: string, { id }: { id: string }): Promise<void> {
    const { visit } = context;
    await orAskAgain(context, this.asking, async () => {
      const { email } = await visit.command(ConfirmEmailCode, { id, code });
      await this.conversations.end(context);
      const html = visit.html('verification.email.bound', { email });
      await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
    });
  }

  private async askAgain(context: BotContext, refusal: AppError): Promise<void> {
    const { visit } = context;
    const why =
      refusal.errorName === 'request.invalid'
        ? visit.html('verification.code.not_a_code')
        : refusalText(this.texts, visit.locale, refusal, visit.requestId);
    await sendAnswer(context, `${why}\n\n${visit.html('verification.code.reminder')}`, rows(visit));
  }
}

function rows(visit: Visit): ButtonRows {
  const again = button(visit.text('verification.buttons.mail_again'), emailCodePress.pack({}));
  return [[again], [anotherAddress(visit)], [cancelButton(visit)]];
}

function anotherAddress(visit: Visit): ButtonRows[number][number] {
  return button(visit.text('bot.buttons.try_again'), bindEntry.press.pack({}));
}
