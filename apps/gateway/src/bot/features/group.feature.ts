import { Injectable } from '@nestjs/common';
import { Composer, Markup } from 'telegraf';
import { escapeHtml } from '#i18n';
import type { BotContext, BotFeature } from '../bot.types.js';
import { mention, sendGroupAnswer } from '../telegram/answer.sender.js';
import { groupCommandOf } from '../telegram/update.rules.js';
import { CheckInFeature } from './check-in.feature.js';

/** In groups `/checkin` works for everybody to see; everything else belongs into the private chat. Nothing goes further from here. */
@Injectable()
export class GroupFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly checkIns: CheckInFeature) {
    this.composer.use(async (context, next) => {
      if (context.chat?.type === 'private') await next();
      else await this.answer(context);
    });
  }

  private async answer(context: BotContext): Promise<void> {
    const { visit } = context;
    const command = groupCommandOf(context.text, context.me);
    if (command === 'checkin') {
      const member = mention(visit.member.telegram_id, escapeHtml(visit.member.first_name));
      await sendGroupAnswer(context, `${member}\n${await this.checkIns.outcomeHtml(visit)}`);
    } else if (command !== undefined) {
      const open = Markup.button.url(visit.text('bot.buttons.private_chat'), `https://t.me/${context.me}`);
      await sendGroupAnswer(context, visit.html('bot.group.private_hint'), [[open]]);
    }
  }
}
