import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import type { Cache } from '#cache';
import { InjectCache, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { readSigned } from '../group-button.rules.js';
import { privateHintHtml } from './menu.view.js';
import { privateChatRow, sendGroupAnswer } from '../telegram/answer.sender.js';
import { groupCommandOf } from '../telegram/update.rules.js';

const minuteMs = 60_000;
/** Telegram lets a bot write twenty messages a minute into a group; the notifications need some of them. */
const answersPerMinuteAtMost = 12;
/** Who gives one command again and again has read the answer. */
const sameAnswersPerMinuteAtMost = 2;
/** The way to the private chat is shown once in a while; who asks again has read it. */
const hintsPerMinuteAtMost = 1;

/**
 * From groups only the commands go further that a feature answers there, and presses on buttons that are for who presses them.
 * Everything else belongs into the private chat. A group that hears enough of the bot is left in peace (B-02).
 */
@Injectable()
export class GroupFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    @InjectCache() private readonly cache: Cache,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.composer.use(async (context, next) => {
      const isElsewhere = context.chat !== undefined && context.chat.type !== 'private';
      if (!isElsewhere) return next();
      await (context.callbackQuery ? this.press(context, next) : this.command(context, next));
    });
  }

  private async command(context: BotContext, next: () => Promise<void>): Promise<void> {
    const { visit } = context;
    const command = groupCommandOf(context.text, context.me, visit.menu);
    if (command === undefined) return;
    if (visit.menu.worksInGroups(command)) {
      const mine = `answers:${command}:${visit.member.id}`;
      if (!(await this.hasRoom(context, mine, sameAnswersPerMinuteAtMost))) return;
      context.isCrowded = !(await this.hasRoom(context, 'answers', answersPerMinuteAtMost));
      await next();
    } else if (await this.hasRoom(context, 'hints', hintsPerMinuteAtMost)) {
      await sendGroupAnswer(context, privateHintHtml(visit), [privateChatRow(context)]);
    }
  }

  private async press(context: BotContext, next: () => Promise<void>): Promise<void> {
    const { visit, callbackQuery: query } = context;
    const signed = query && 'data' in query ? readSigned(this.settings.AUTH_SECRET, query.data) : undefined;
    if (query === undefined || !('data' in query) || signed === undefined) {
      await context.answerCbQuery(visit.text('bot.group.old_button'), { show_alert: true });
    } else if (signed.userId !== visit.member.id) {
      await context.answerCbQuery(visit.text('bot.group.not_your_button'), { show_alert: true });
    } else {
      query.data = signed.data;
      await next();
    }
  }

  private async hasRoom(context: BotContext, kind: string, limit: number): Promise<boolean> {
    const key = `bot:group-${kind}:${context.chat?.id ?? 0}`;
    const hit = await this.cache.hit({ key, limit, windowMs: minuteMs }).catch(() => null);
    return hit === null || hit.allowed;
  }
}
