import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import {
  AppError,
  GetEmailVerification,
  GetProfile,
  StartEmailVerification,
  type ErrorName,
  type OutputOf,
} from '#contracts';
import { escapeHtml, Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer, onDeepLink, opens } from '../feature.parts.js';
import { formatTime } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { refusalText } from '../refusal.text.js';
import { button, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import {
  addressMemo,
  bindEntry,
  bindTypedPress,
  changeAddressEntry,
  newCodePress,
  verificationPress,
} from './bind.keyboard.js';
import { emailCodePress } from './email-code.keyboard.js';
import { cancelButton, lookAround, menuButton, menuButtons } from './menu.view.js';
import { orAskAgain, type Asking } from './retry.parts.js';

/** After these another address may help. */
const worthAnotherAddress: readonly ErrorName[] = [
  'request.invalid',
  'verification.address_invalid',
  'verification.address_blocked',
  'verification.address_taken',
];

/** Pop-ups hold no more. */
const popUpAtMost = 200;

const addressAsked = defineConversation('address', 'bot.bind.again');

/** `/bind`: e-mail by reverse verification (U-07): asks the address, shows the code to mail, tells how far it is. */
@Injectable()
export class BindFeature implements BotFeature {
  static readonly menu = [bindEntry, changeAddressEntry];
  readonly composer = new Composer<BotContext>();
  private readonly asking: Asking;

  constructor(
    private readonly conversations: ConversationStore,
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.asking = {
      conversations,
      worthAnotherTry: worthAnotherAddress,
      askAgain: (context, refusal) => this.askAgain(context, refusal),
    };
    opens(this.composer, bindEntry, (context, typed) => (typed ? this.bind(context, typed) : this.ask(context)));
    onDeepLink(this.composer, /^bind$/, (context) => this.ask(context));
    onAnswer(this.composer, addressAsked, (context, text) => this.bind(context, text));
    this.composer.use(onPress(bindTypedPress, (context) => this.bindRemembered(context)));
    this.composer.use(onPress(newCodePress, (context) => this.bindRemembered(context)));
    this.composer.use(onPress(verificationPress, (context, { id }) => this.showState(context, id)));
  }

  /** Issues a code for an address as typed. An address that cannot be used is asked for again. */
  private async bind(context: BotContext, typed: string): Promise<void> {
    const address = typed.trim();
    await orAskAgain(context, this.asking, async () => {
      const issued = await context.visit.command(StartEmailVerification, { email: address });
      await this.conversations.end(context);
      await this.conversations.keep(context, addressMemo, issued.email);
      await this.showCode(context, issued);
    });
  }

  private async ask(context: BotContext): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, addressAsked, {});
    const email = (await visit.glance(GetProfile, {}))?.email ?? null;
    const html = email === null ? visit.html('bot.bind.ask') : visit.html('bot.bind.ask_another', { email });
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  private async askAgain(context: BotContext, error: AppError): Promise<void> {
    const { visit } = context;
    const isNoAddress = error.errorName === 'request.invalid' || error.errorName === 'verification.address_invalid';
    const why = isNoAddress
      ? visit.html('bot.bind.not_an_address')
      : refusalText(this.texts, visit.locale, error, visit.requestId);
    await this.conversations.begin(context, addressAsked, {});
    await sendAnswer(context, `${why}\n\n${visit.html('bot.bind.again')}`, [[cancelButton(visit)]]);
  }

  /** The address itself does not fit into a button; when it is forgotten, it is asked for. */
  private async bindRemembered(context: BotContext): Promise<void> {
    const address = await this.conversations.recall(context, addressMemo);
    await (address === null ? this.ask(context) : this.bind(context, address));
  }

  private async showCode(context: BotContext, issued: OutputOf<typeof StartEmailVerification>): Promise<void> {
    const { visit } = context;
    const { code, mailbox, email } = issued;
    const html = visit.html('bot.bind.code', { code, mailbox, email, until: this.time(visit, issued.expires_at) });
    const sent = button(visit.text('bot.buttons.sent'), verificationPress.pack({ id: issued.id }));
    const another = button(visit.text('bot.buttons.try_again'), bindEntry.press.pack({}));
    await sendAnswer(context, html, [
      [sent],
      [newCodeButton(visit), another],
      [mailMeButton(visit)],
      [menuButton(visit)],
    ]);
  }

  private async showState(context: BotContext, id: string): Promise<void> {
    const { visit } = context;
    const verification = await visit.query(GetEmailVerification, { id });
    const { status, email, refusal } = verification;
    if (status === 'pending' && refusal === null) {
      const text = visit.text('bot.bind.pending', { email, until: this.time(visit, verification.expires_at) });
      await context.answerCbQuery(text.slice(0, popUpAtMost), { show_alert: true });
    } else if (status === 'bound') {
      await sendAnswer(context, visit.html('bot.bind.bound', { email }), menuButtons(visit, await lookAround(visit)));
    } else if (status === 'expired') {
      await sendAnswer(context, visit.html('bot.bind.expired', { email }), retryRows(visit));
    } else if (status === 'replaced') {
      await sendAnswer(context, visit.html('bot.bind.replaced'), [[menuButton(visit)]]);
    } else if (refusal === 'undone') {
      await sendAnswer(context, visit.html('notifications.email_unbound', { email }), retryRows(visit));
    } else {
      await sendAnswer(context, refusedHtml(visit, email, refusal), retryRows(visit));
    }
  }

  private time(visit: Visit, at: string): string {
    return formatTime(visit.locale, at, this.settings.COMMUNITY_TIMEZONE);
  }
}

function newCodeButton(visit: Visit): ButtonRows[number][number] {
  return button(visit.text('bot.buttons.new_code'), newCodePress.pack({}));
}

/** The way for who cannot mail from that address (U-09). */
function mailMeButton(visit: Visit): ButtonRows[number][number] {
  return button(visit.text('verification.buttons.mail_me'), emailCodePress.pack({}));
}

function retryRows(visit: Visit): ButtonRows {
  return [[newCodeButton(visit)], [mailMeButton(visit)], [menuButton(visit)]];
}

/** Why, in the words of the message that told it already. */
function refusedHtml(visit: Visit, email: string, refusal: string | null): string {
  const why =
    visit.lookup(`notifications.email_refused.${refusal ?? 'unexplained'}`) ??
    visit.text('notifications.email_refused.unexplained');
  return `${visit.html('bot.bind.refused', { email })}\n\n${escapeHtml(why)}`;
}
