import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AcceptTerms, AppError, GetTermsAcceptance } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { formatDate } from '../locale.format.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { lookAround, menuButton, menuButtons } from './menu.view.js';
import { termsAcceptPress, termsEntry } from './privacy.keyboard.js';
import { termsHtml } from './terms.view.js';

/** `/terms`: the terms of use, and a button to accept them (U-15). */
@Injectable()
export class TermsFeature implements BotFeature {
  static readonly menu = [termsEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    opens(this.composer, termsEntry, (context) => this.show(context));
    this.composer.use(onPress(termsAcceptPress, (context, { version }) => this.accept(context, version)));
  }

  private async show(context: BotContext): Promise<void> {
    const { visit } = context;
    const { current_version: version, accepted_version, accepted_at } = await visit.query(GetTermsAcceptance, {});
    const isAccepted = accepted_version === version && accepted_at !== null;
    const html = [
      visit.html('account.terms.title', { version }),
      '',
      termsHtml(visit, this.settings),
      ...(isAccepted ? ['', this.acceptedHtml(context, accepted_at)] : []),
    ].join('\n');
    const accept = button(visit.text('account.buttons.terms_accept'), termsAcceptPress.pack({ version }));
    await sendAnswer(context, html, isAccepted ? [[menuButton(visit)]] : [[accept], [menuButton(visit)]]);
  }

  /** An outdated button shows the terms of now instead. */
  private async accept(context: BotContext, version: string): Promise<void> {
    const { visit } = context;
    try {
      await visit.command(AcceptTerms, { version, locale: visit.locale });
    } catch (error) {
      if (!(error instanceof AppError) || error.errorName !== 'terms.version_outdated') throw error;
      return this.show(context);
    }
    const state = await lookAround(visit);
    await replaceAnswer(context, visit.html('account.terms.accepted'), menuButtons(visit, state));
  }

  private acceptedHtml({ visit }: BotContext, acceptedAt: string): string {
    const date = formatDate(visit.locale, acceptedAt, this.settings.COMMUNITY_TIMEZONE);
    return visit.html('account.terms.accepted_on', { date });
  }
}
