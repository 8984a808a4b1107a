import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { ChangeLocale, type Locale } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { MemberResolver } from '../member/member.resolver.js';
import { replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { languageEntry, languagePress } from './language.keyboard.js';
import { languageRow } from './language.view.js';
import { lookAround, menuButtons, menuHtml } from './menu.view.js';
import { sendWithQuickKeys } from './quick-keys.view.js';
import { termsNotice } from './terms.view.js';

/** `/language` and the language buttons; the choice is remembered with the member (B-01). */
@Injectable()
export class LanguageFeature implements BotFeature {
  static readonly menu = [languageEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly members: MemberResolver,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    opens(this.composer, languageEntry, (context) => this.ask(context));
    this.composer.use(onPress(languagePress, (context, { locale }) => this.change(context, locale)));
  }

  private async ask(context: BotContext): Promise<void> {
    await sendAnswer(context, context.visit.html('bot.language.ask'), [languageRow()]);
  }

  private async change(context: BotContext, locale: Locale): Promise<void> {
    const { visit } = context;
    const profile = await visit.command(ChangeLocale, { locale });
    visit.continueAs(profile);
    await this.members.remember(profile);
    const state = await lookAround(visit);
    // Who has just seen the terms in another language sees them in this one.
    const terms = await termsNotice(visit, this.settings, state);
    const html = [menuHtml(visit, state), terms.html].filter((part) => part !== '').join('\n\n');
    await replaceAnswer(context, html, [...terms.rows, ...menuButtons(visit, state)]);
    await sendWithQuickKeys(context, visit.html('bot.language.changed'));
  }
}
