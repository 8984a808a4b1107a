import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { FindUserByTelegram, SearchAuditLog, type Role } from '#contracts';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { formatShortDateTime } from '../locale.format.js';
import { sendAnswer } from '../telegram/answer.sender.js';

const entriesShown = 10;
const adminRoles: readonly Role[] = ['admin', 'super_admin'];

/** `/admin <telegram id>`: what happened to a member last. For everybody else the command does not exist. */
@Injectable()
export class AdminFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    this.composer.command('admin', async (context, next) => {
      if (!adminRoles.includes(context.visit.member.role)) await next();
      else await this.show(context, context.payload.trim());
    });
  }

  private async show(context: BotContext, telegramId: string): Promise<void> {
    const { visit } = context;
    if (!/^-?[0-9]{1,20}$/.test(telegramId)) return sendAnswer(context, visit.html('bot.admin.usage'));
    const { profile } = await visit.query(FindUserByTelegram, { telegram_id: telegramId });
    const { items } = await visit.query(SearchAuditLog, { user_id: profile.id, limit: entriesShown });
    const lines = items.map(({ at, event, actor }) => {
      const time = formatShortDateTime(visit.locale, at, this.settings.COMMUNITY_TIMEZONE);
      return `${escapeHtml(time)} · <code>${escapeHtml(event)}</code> · ${escapeHtml(actor)}`;
    });
    const title = visit.html('bot.admin.member', { name: profile.first_name, id: profile.id, role: profile.role });
    await sendAnswer(context, [title, '', ...(lines.length > 0 ? lines : [visit.html('bot.admin.empty')])].join('\n'));
  }
}
