import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { message } from 'telegraf/filters';
import type { Contact, Message } from 'telegraf/types';
import { z } from 'zod';
import {
  AppError,
  AskForPhoneContact,
  BindPhoneByContact,
  ConfirmPhoneVerification,
  GetPhone,
  StartPhoneVerification,
  UnbindPhone,
  type ErrorName,
  type Locale,
} from '#contracts';
import { Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer, opens } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { refusalText } from '../refusal.text.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { askForContact, putKeyboardAway } from '../telegram/contact-question.sender.js';
import { cancelButton, lookAround, menuButton, menuButtons } from './menu.view.js';
import { changePhonePress, phoneEntry, unbindPhonePress, unbindPhoneSurePress } from './phone.keyboard.js';
import { orAskAgain, type Asking } from './retry.parts.js';

/** Where a number without its country code is taken to be dialled. */
const countries: Partial<Record<Locale, string>> = { zh: 'CN', ru: 'RU' };

/** After these another number, or the right button, may help. */
const worthAnotherNumber: readonly ErrorName[] = [
  'request.invalid',
  'phone.invalid',
  'phone.taken',
  'phone.already_bound',
  'phone.contact_not_own',
];
/** After these the same question stands. */
const worthAnotherCode: readonly ErrorName[] = ['request.invalid', 'verification.code_wrong'];

const numberAsked = defineConversation('phone_number', 'verification.phone.reminder');
const codeAsked = defineConversation(
  'phone_code',
  'verification.code.reminder',
  z.object({ id: z.string().max(64), phone: z.string().max(64) }),
);

/** `/phone`: the member's number, proven by their own Telegram contact or by an SMS code (U-10). */
@Injectable()
export class PhoneFeature implements BotFeature {
  static readonly menu = [phoneEntry];
  readonly composer = new Composer<BotContext>();
  private readonly askingNumber: Asking;
  private readonly askingCode: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    private readonly texts: Texts,
  ) {
    this.askingNumber = {
      conversations,
      worthAnotherTry: worthAnotherNumber,
      askAgain: (context, refusal) => this.askNumberAgain(context, refusal),
    };
    this.askingCode = {
      conversations,
      worthAnotherTry: worthAnotherCode,
      askAgain: (context, refusal) => this.askCodeAgain(context, refusal),
    };
    opens(this.composer, phoneEntry, (context, typed) => (typed ? this.sendCode(context, typed) : this.show(context)));
    this.composer.use(onPress(changePhonePress, (context) => this.ask(context)));
    this.composer.use(onPress(unbindPhonePress, (context) => this.askUnbind(context)));
    this.composer.use(onPress(unbindPhoneSurePress, (context) => this.unbind(context)));
    onAnswer(this.composer, numberAsked, (context, text) => this.sendCode(context, text));
    onAnswer(this.composer, codeAsked, (context, text, asked) => this.confirm(context, text, asked));
    this.composer.on(message('contact'), async (context, next) => {
      if (context.chat.type === 'private') await this.takeContact(context, context.message);
      else await next();
    });
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const { phone } = await visit.query(GetPhone, {});
    if (phone === null) return this.ask(context);
    const change = button(visit.text('verification.buttons.change_phone'), changePhonePress.pack({}));
    const unbind = button(visit.text('verification.buttons.unbind_phone'), unbindPhonePress.pack({}));
    await sendAnswer(context, visit.html('verification.phone.current', { phone }), [
      [change],
      [unbind],
      [menuButton(visit)],
    ]);
  }

  /** The question itself is remembered by the owner of the rule: a contact counts only for a while after it. */
  private async ask(context: BotContext, why: string | null = null): Promise<void> {
    const { visit } = context;
    await visit.command(AskForPhoneContact, {});
    await this.conversations.begin(context, numberAsked, {});
    const question = visit.html('verification.phone.ask');
    const html = why === null ? question : `${why}\n\n${question}`;
    await askForContact(context, html, visit.text('verification.buttons.share_contact'));
  }

  private async takeContact(context: BotContext, shared: Message.ContactMessage): Promise<void> {
    const { visit } = context;
    const contact: Contact = shared.contact;
    await orAskAgain(context, this.askingNumber, async () => {
      const { phone } = await visit.command(BindPhoneByContact, {
        phone: contact.phone_number,
        contact_user_id: contact.user_id === undefined ? null : String(contact.user_id),
        chat_type: shared.chat.type,
        forwarded: shared.forward_origin !== undefined,
      });
      await this.tellBound(context, phone);
    });
  }

  private async sendCode(context: BotContext, typed: string): Promise<void> {
    const { visit } = context;
    const country = countries[visit.locale];
    await orAskAgain(context, this.askingNumber, async () => {
      const started = await visit.command(StartPhoneVerification, { phone: typed, ...(country && { country }) });
      const { id, phone } = started;
      await putKeyboardAway(context, visit.html('verification.phone.sending'));
      await this.conversations.begin(context, codeAsked, { id, phone });
      await sendAnswer(context, visit.html('verification.phone.code_sent', { phone }), [
        [button(visit.text('verification.buttons.other_number'), changePhonePress.pack({}))],
        [cancelButton(visit)],
      ]);
    });
  }

  private async confirm(context: BotContext, code: string, asked: { id: string; phone: string }): Promise<void> {
    await orAskAgain(context, this.askingCode, async () => {
      const { phone } = await context.visit.command(ConfirmPhoneVerification, { id: asked.id, code });
      await this.tellBound(context, phone);
    });
  }

  private async askCodeAgain(context: BotContext, refusal: AppError): Promise<void> {
    const { visit } = context;
    const why =
      refusal.errorName === 'request.invalid'
        ? visit.html('verification.code.not_a_code')
        : refusalText(this.texts, visit.locale, refusal, visit.requestId);
    await sendAnswer(context, `${why}\n\n${visit.html('verification.code.reminder')}`, [
      [button(visit.text('verification.buttons.other_number'), changePhonePress.pack({}))],
      [cancelButton(visit)],
    ]);
  }

  private async tellBound(context: BotContext, phone: string): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    await putKeyboardAway(context, visit.html('verification.phone.thanks'));
    const html = visit.html('verification.phone.bound', { phone });
    await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
  }

  private async askUnbind(context: BotContext): Promise<void> {
    const { visit } = context;
    const sure = button(visit.text('verification.buttons.unbind_sure'), unbindPhoneSurePress.pack({}));
    await sendAnswer(context, visit.html('verification.phone.unbind_ask'), [[sure], [menuButton(visit)]]);
  }

  private async unbind(context: BotContext): Promise<void> {
    const { visit } = context;
    const { phone } = await visit.commandOnce(UnbindPhone, {});
    await sendAnswer(context, visit.html('verification.phone.unbound', { phone }), [
      [button(visit.text('verification.buttons.phone'), phoneEntry.press.pack({}))],
      [menuButton(visit)],
    ]);
  }

  private async askNumberAgain(context: BotContext, refusal: AppError): Promise<void> {
    const { visit } = context;
    const why = refusal.errorName === 'request.invalid' ? new AppError('phone.invalid') : refusal;
    await this.ask(context, refusalText(this.texts, visit.locale, why, visit.requestId));
  }
}
