import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AcceptTerms, GetTermsAcceptance, termsVersion } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { formatDate } from '../locale.format.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';
import { termsAcceptPress, termsEntry } from './privacy.keyboard.js';

/** `/terms`: the terms of use, and a button to accept them (U-15). */
@Injectable()
export class TermsFeature implements BotFeature {
  static readonly menu = [termsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, termsEntry, (context) => this.show(context));
    this.composer.use(onPress(termsAcceptPress, (context) => this.accept(context)));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const { accepted_version, accepted_at } = await visit.query(GetTermsAcceptance, {});
    const isAccepted = accepted_version === termsVersion && accepted_at !== null;
    const html = [
      visit.html('account.terms.title', { version: termsVersion }),
      '',
      visit.html('account.terms.text'),
      ...(isAccepted ? ['', this.acceptedHtml(context, accepted_at)] : []),
    ].join('\n');
    const accept = button(visit.text('account.buttons.terms_accept'), termsAcceptPress.pack({}));
    await sendAnswer(context, html, isAccepted ? [[menuButton(visit)]] : [[accept], [menuButton(visit)]]);
  }

  private async accept(context: BotContext): Promise<void> {
    const { visit } = context;
    await visit.command(AcceptTerms, { version: termsVersion, locale: visit.locale });
    await replaceAnswer(context, visit.html('account.terms.accepted'), [[menuButton(visit)]]);
  }

  private acceptedHtml({ visit }: BotContext, acceptedAt: string): string {
    const date = formatDate(visit.locale, acceptedAt, this.settings.COMMUNITY_TIMEZONE);
    return visit.html('account.terms.accepted_on', { date });
  }
}
