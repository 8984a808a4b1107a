import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { localeOfLanguageTag, Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { MemberResolver } from '../member/member.resolver.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { botIdOf, idempotencyKeyOf, requestIdOf } from '../telegram/update.rules.js';

const outside: readonly string[] = ['left', 'kicked'];

/** The bot comes into a group: it meets the group (U-01) and says what it can do there. */
@Injectable()
export class ArrivalFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly members: MemberResolver,
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.composer.on('my_chat_member', (context) => this.arrive(context));
  }

  private async arrive(context: BotContext): Promise<void> {
    const change = context.myChatMember;
    if (!change || (change.chat.type !== 'group' && change.chat.type !== 'supergroup')) return;
    const hasArrived =
      outside.includes(change.old_chat_member.status) && !outside.includes(change.new_chat_member.status);
    if (!hasArrived) return;
    const updateId = context.update.update_id;
    const call = this.members.call(change.from, requestIdOf(updateId));
    const key = idempotencyKeyOf(botIdOf(this.settings.TELEGRAM_BOT_TOKEN ?? ''), updateId);
    await this.members.meetGroup(change.chat.id, change.chat.title, change.from.language_code, call, key);
    await sendAnswer(context, this.texts.html(localeOfLanguageTag(change.from.language_code), 'bot.group.arrived'));
  }
}
