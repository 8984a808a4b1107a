import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { localeOfLanguageTag, Texts } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';

const keptSeconds = 300;

/** Inline mode: whatever is typed, there is one card, an invitation to the bot (B-02). */
@Injectable()
export class InlineFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly texts: Texts) {
    this.composer.on('inline_query', (context) => this.offer(context));
  }

  private async offer(context: BotContext): Promise<void> {
    const locale = localeOfLanguageTag(context.from?.language_code);
    const link = `https://t.me/${context.me}?start=hello`;
    const card = {
      type: 'article',
      id: 'invitation',
      title: this.texts.text(locale, 'bot.inline.title'),
      description: this.texts.text(locale, 'bot.inline.description'),
      input_message_content: {
        message_text: this.texts.html(locale, 'bot.inline.invitation', { link }),
        parse_mode: 'HTML',
      },
    } as const;
    await context.answerInlineQuery([card], { cache_time: keptSeconds, is_personal: true });
  }
}
