import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { askedTerms } from '#config';
import {
  AcceptTerms,
  AppError,
  GetTermsAcceptance,
  RegisterWithCode,
  type ErrorName,
  type Membership,
} from '#contracts';
import { Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { onAnswer, onDeepLink, opens } from '../feature.parts.js';
import { formatDateTime } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { MemberResolver } from '../member/member.resolver.js';
import type { Visit } from '../member/visit.client.js';
import { refusalText } from '../refusal.text.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { cancelButton, lookAround, menuButton, menuButtons } from './menu.view.js';
import { termsJoinPress } from './privacy.keyboard.js';
import { registerEntry, registerWithPress } from './register.keyboard.js';
import { orAskAgain } from './retry.parts.js';
import { registrationTerms, termsHtml } from './terms.view.js';

/** After these another code may help. */
const worthAnotherCode: readonly ErrorName[] = [
  'request.invalid',
  'invite_code.unknown',
  'invite_code.not_valid_now',
  'invite_code.used_up',
];

const termsRefusals: readonly ErrorName[] = ['terms.not_accepted', 'terms.version_outdated'];
const worthAnotherTry = [...worthAnotherCode, ...termsRefusals];

/** An invitation as a deep link carries it: `?start=inv_CODE` (B-02). */
const invitation = /^inv_([A-Za-z0-9_-]{1,32})$/;
const codeAsked = defineConversation('invite_code', 'bot.register.again');

/** `/register`: membership by invite code (U-02), asked for or given at once. */
@Injectable()
export class RegisterFeature implements BotFeature {
  static readonly menu = [registerEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    private readonly members: MemberResolver,
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    opens(this.composer, registerEntry, (context, code) => (code ? this.register(context, code) : this.ask(context)));
    this.composer.use(onPress(registerWithPress, (context, { code }) => this.register(context, code)));
    this.composer.use(
      onPress(termsJoinPress, (context, { version, code }) => this.acceptAndRegister(context, version, code)),
    );
    onDeepLink(this.composer, invitation, (context, [, code = '']) => this.register(context, code));
    onAnswer(this.composer, codeAsked, (context, text) => this.register(context, text));
  }

  /** Registers with a code as typed. A code that cannot be used is asked for again; so are terms that are required. */
  private async register(context: BotContext, code: string): Promise<void> {
    await this.registerOn(context, code, await registrationTerms(context.visit, this.settings));
  }

  /** The consent is kept also when the code has been used up by somebody else meanwhile. */
  private async acceptAndRegister(context: BotContext, version: string, code: string): Promise<void> {
    const { visit } = context;
    try {
      await visit.command(AcceptTerms, { version, locale: visit.locale });
    } catch (error) {
      if (error instanceof AppError && termsRefusals.includes(error.errorName)) return this.askConsent(context, code);
      throw error;
    }
    await this.registerOn(context, code, { terms_version: version });
  }

  private async registerOn(context: BotContext, code: string, terms: { terms_version?: string }): Promise<void> {
    const { visit } = context;
    const askAgain = (_: BotContext, refusal: AppError): Promise<void> =>
      termsRefusals.includes(refusal.errorName) ? this.askConsent(context, code) : this.askAgain(context, refusal);
    const asking = { conversations: this.conversations, worthAnotherTry, askAgain };
    await orAskAgain(context, asking, async () => {
      const { membership } = await visit.command(RegisterWithCode, { invite_code: code, ...terms });
      await this.conversations.end(context);
      await this.members.forget(visit.member);
      await sendAnswer(context, this.doneHtml(visit, membership), menuButtons(visit, await lookAround(visit)));
    });
  }

  private async ask(context: BotContext): Promise<void> {
    await this.conversations.begin(context, codeAsked, {});
    const { visit } = context;
    const notice = askedTerms(this.settings).isRequired ? [] : [visit.html('account.terms.notice')];
    await sendAnswer(context, [visit.html('bot.register.ask'), ...notice].join('\n\n'), [[cancelButton(visit)]]);
  }

  /** The code is good; what is missing is the consent to the terms of now. */
  private async askConsent(context: BotContext, code: string): Promise<void> {
    const { visit } = context;
    const { current_version: version } = await visit.query(GetTermsAcceptance, {});
    const { TERMS_URL, PRIVACY_URL } = this.settings;
    const text =
      TERMS_URL === undefined && PRIVACY_URL === undefined
        ? visit.html('account.terms.read_here')
        : termsHtml(visit, this.settings);
    await this.conversations.end(context);
    const join = button(visit.text('account.buttons.terms_join'), termsJoinPress.pack({ version, code: code.trim() }));
    await sendAnswer(context, `${visit.html('account.terms.ask_join', { version })}\n\n${text}`, [
      [join],
      [menuButton(visit)],
    ]);
  }

  private async askAgain(context: BotContext, error: AppError): Promise<void> {
    const { visit } = context;
    const isNoCode = error.errorName === 'request.invalid';
    const why = isNoCode
      ? visit.html('bot.register.not_a_code')
      : refusalText(this.texts, visit.locale, error, visit.requestId);
    await this.conversations.begin(context, codeAsked, {});
    await sendAnswer(context, `${why}\n\n${visit.html('bot.register.again')}`, [[cancelButton(visit)]]);
  }

  private doneHtml(visit: Visit, { expires_at }: Membership): string {
    const name = visit.member.first_name;
    if (expires_at === null) return visit.html('bot.register.done_forever', { name });
    return visit.html('bot.register.done_until', {
      name,
      until: formatDateTime(visit.locale, expires_at, this.settings.COMMUNITY_TIMEZONE),
    });
  }
}
