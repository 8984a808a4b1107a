import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { BotContext, BotFeature } from '../bot.types.js';
import { privateChatRow, sendGroupAnswer } from '../telegram/answer.sender.js';
import { groupCommandOf } from '../telegram/update.rules.js';

/** From groups only the commands go further that a feature answers there; everything else belongs into the private chat. */
@Injectable()
export class GroupFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor() {
    this.composer.use(async (context, next) => {
      if (context.chat?.type === 'private') return next();
      const command = groupCommandOf(context.text, context.me, context.visit.menu);
      if (command === undefined) return;
      if (context.visit.menu.worksInGroups(command)) await next();
      else await sendGroupAnswer(context, context.visit.html('bot.group.private_hint'), [privateChatRow(context)]);
    });
  }
}
