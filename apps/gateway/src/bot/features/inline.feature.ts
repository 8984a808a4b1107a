import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { localeOfLanguageTag, Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { MemberResolver } from '../member/member.resolver.js';
import { answerInline } from '../telegram/inline.sender.js';
import { requestIdOf } from '../telegram/update.rules.js';

/**
 * Inline mode for who has never met the bot: one card, an invitation to it (B-02). Typing the bot's name somewhere is no contact,
 * so nobody is registered for it. For members the query goes on to the features and their cards.
 */
@Injectable()
export class InlineFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly members: MemberResolver,
    private readonly texts: Texts,
  ) {
    this.composer.on('inline_query', async (context, next) => {
      const { from, update_id } = { ...context.inlineQuery, update_id: context.update.update_id };
      const known = await this.members.recognise(from, requestIdOf(update_id)).catch(() => null);
      await (known?.status === 'active' ? next() : this.invite(context));
    });
  }

  private async invite(context: BotContext): Promise<void> {
    const locale = localeOfLanguageTag(context.from?.language_code);
    const link = `https://t.me/${context.me}?start=hello`;
    const card = {
      id: 'invitation',
      title: this.texts.text(locale, 'bot.inline.title'),
      description: this.texts.text(locale, 'bot.inline.description'),
      html: this.texts.html(locale, 'bot.inline.invitation', { link }),
    };
    await answerInline(context, [card], this.texts.text(locale, 'bot.inline.open'));
  }
}
