import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { AddAddress, type AppError, ListAddresses, RemoveAddress, SetDefaultAddress, type ErrorName } from '#contracts';
import { Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer, opens } from '../feature.parts.js';
import type { Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { refusalText } from '../refusal.text.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { addressOfLines } from './address-lines.rules.js';
import { addressesButtons, addressesHtml } from './address.view.js';
import { cancelButton, menuButton } from './menu.view.js';
import { orAskAgain } from './retry.parts.js';
import { addressesEntry, defaultPress, itemPress, newAddressPress, removeAddressPress } from './shop.keyboard.js';

/** After these the lines are worth another try. */
const worthAnotherTry: readonly ErrorName[] = ['request.invalid', 'address.phone_invalid', 'address.country_unknown'];

const itemSchema = z.object({ item: z.int().min(0).max(999_999_999) });
const linesAsked = defineConversation('delivery_address', 'shop.addresses.again', itemSchema);

/** The address book (P-07): what is sent goes there. */
@Injectable()
export class AddressFeature implements BotFeature {
  static readonly menu = [addressesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    private readonly texts: Texts,
  ) {
    opens(this.composer, addressesEntry, async (context) => sendAnswer(context, ...(await this.list(context))));
    this.composer.use(onPress(newAddressPress, (context, fields) => this.ask(context, fields)));
    onAnswer(this.composer, linesAsked, (context, text, fields) => this.add(context, text, fields));
    this.composer.use(
      onPress(defaultPress, async (context, { id }) => {
        await context.visit.command(SetDefaultAddress, { id });
        await replaceAnswer(context, ...(await this.list(context)));
      }),
    );
    this.composer.use(
      onPress(removeAddressPress, async (context, { id }) => {
        await context.visit.command(RemoveAddress, { id });
        await replaceAnswer(context, ...(await this.list(context)));
      }),
    );
  }

  private async list({ visit }: BotContext): Promise<Screen> {
    const { items } = await visit.query(ListAddresses, {});
    return [addressesHtml(visit, items), addressesButtons(visit, items)];
  }

  private async ask(context: BotContext, fields: z.infer<typeof itemSchema>): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, linesAsked, fields);
    await sendAnswer(context, visit.html('shop.addresses.ask'), [[cancelButton(visit)]]);
  }

  private async add(context: BotContext, text: string, fields: z.infer<typeof itemSchema>): Promise<void> {
    const { visit } = context;
    const address = addressOfLines(text);
    if (!address) return this.askAgain(context, visit.html('shop.addresses.not_lines'), fields);
    const askAgain = (_: BotContext, refusal: AppError): Promise<void> =>
      this.askAgain(context, refusalText(this.texts, visit.locale, refusal, visit.requestId), fields);
    await orAskAgain(context, { conversations: this.conversations, worthAnotherTry, askAgain }, async () => {
      await visit.command(AddAddress, { ...address, is_default: true });
      await this.conversations.end(context);
      const toItem = button(visit.text('shop.buttons.back_to_item'), itemPress.pack({ id: fields.item || 1 }));
      const toBook = button(visit.text('shop.buttons.addresses'), addressesEntry.press.pack({}));
      const next = fields.item > 0 ? toItem : toBook;
      await sendAnswer(context, visit.html('shop.addresses.saved'), [[next, menuButton(visit)]]);
    });
  }

  private async askAgain(context: BotContext, why: string, fields: z.infer<typeof itemSchema>): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, linesAsked, fields);
    await sendAnswer(context, `${why}\n\n${visit.html('shop.addresses.again')}`, [[cancelButton(visit)]]);
  }
}
