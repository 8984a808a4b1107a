import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { RequestDeletion } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { opens } from '../feature.parts.js';
import { formatDateTime } from '../locale.format.js';
import { ConversationStore } from '../member/conversation.store.js';
import { MemberResolver } from '../member/member.resolver.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';
import { deleteConfirmPress, deleteEntry, deleteKeepPress, restorePress } from './privacy.keyboard.js';

/** `/delete`: asks first, then the account is deleted after its days of grace (U-15). */
@Injectable()
export class DeleteFeature implements BotFeature {
  static readonly menu = [deleteEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly members: MemberResolver,
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    opens(this.composer, deleteEntry, (context) => this.ask(context));
    this.composer.use(onPress(deleteConfirmPress, (context) => this.request(context)));
    this.composer.use(onPress(deleteKeepPress, (context) => this.keep(context)));
  }

  private async ask(context: BotContext): Promise<void> {
    const { visit } = context;
    await sendAnswer(context, visit.html('account.delete.ask_days', { count: this.settings.DELETION_GRACE_DAYS }), [
      [button(visit.text('account.buttons.delete_confirm'), deleteConfirmPress.pack({}))],
      [button(visit.text('account.buttons.delete_keep'), deleteKeepPress.pack({}))],
    ]);
  }

  private async request(context: BotContext): Promise<void> {
    const { visit } = context;
    const { due_at } = await visit.command(RequestDeletion, {});
    await this.conversations.end(context);
    await this.members.forget(visit.member);
    const until = formatDateTime(visit.locale, due_at ?? visit.member.created_at, this.settings.COMMUNITY_TIMEZONE);
    await replaceAnswer(context, visit.html('account.delete.done', { until }), [
      [button(visit.text('account.buttons.restore'), restorePress.pack({}))],
    ]);
  }

  private async keep(context: BotContext): Promise<void> {
    const { visit } = context;
    await replaceAnswer(context, visit.html('account.delete.kept'), [[menuButton(visit)]]);
  }
}
