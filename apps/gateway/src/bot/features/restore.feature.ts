import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { AppError, GetDeletion, RestoreAccount } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { isPress } from '../callback.data.js';
import { formatDateTime } from '../locale.format.js';
import { MemberResolver } from '../member/member.resolver.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { DataFeature } from './data.feature.js';
import { lookAround, menuButtons } from './menu.view.js';
import { dataEntry, restoreCommand, restorePress } from './privacy.keyboard.js';

/** Whose deletion is pending (U-15): here they can restore the account or fetch their data, and nothing else goes further. */
@Injectable()
export class RestoreFeature implements BotFeature {
  static readonly commands = [restoreCommand];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly members: MemberResolver,
    private readonly data: DataFeature,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.composer.use(async (context, next) => {
      if (context.visit.member.status !== 'deletion_pending') await next();
      else await this.receive(context);
    });
    this.composer.command(restoreCommand.name, async (context, next) => {
      if (context.chat.type === 'private') throw new AppError('user.no_deletion_pending');
      await next();
    });
  }

  private async receive(context: BotContext): Promise<void> {
    if (context.chat?.type !== 'private') throw new AppError('user.deletion_pending');
    const text = context.message && 'text' in context.message ? context.message.text.trim() : '';
    if (isPress(context, restorePress) || /^\/restore(@|\s|$)/.test(text)) return this.restore(context);
    if (isPress(context, dataEntry.press) || /^\/mydata(@|\s|$)/.test(text)) return this.data.send(context);
    await this.showPending(context);
  }

  private async restore(context: BotContext): Promise<void> {
    const { visit } = context;
    await visit.command(RestoreAccount, {});
    await this.members.forget(visit.member);
    visit.continueAs({ ...visit.member, status: 'active' });
    const html = visit.html('account.delete.restored', { name: visit.member.first_name });
    await sendAnswer(context, html, menuButtons(visit, await lookAround(visit)));
  }

  private async showPending(context: BotContext): Promise<void> {
    const { visit } = context;
    const { due_at } = await visit.query(GetDeletion, {});
    const until = formatDateTime(visit.locale, due_at ?? visit.member.created_at, this.settings.COMMUNITY_TIMEZONE);
    await sendAnswer(context, visit.html('account.delete.pending', { until }), [
      [button(visit.text('account.buttons.restore'), restorePress.pack({}))],
      [button(visit.text('account.buttons.mydata'), dataEntry.press.pack({}))],
    ]);
  }
}
