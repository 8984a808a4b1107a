import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { FindUserByTelegram, SearchAuditLog } from '#contracts';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { formatShortDateTime } from '../locale.format.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { adminEntry, isAdmin } from './admin.keyboard.js';
import { menuButton } from './menu.view.js';

const entriesShown = 10;

/** `/admin <telegram id>`: what happened to a member last. For everybody else the command does not exist. */
@Injectable()
export class AdminFeature implements BotFeature {
  static readonly menu = [adminEntry];
  readonly composer = new Composer<BotContext>();

  constructor(@InjectSettings() private readonly settings: GatewaySettings) {
    const forAdmins = Composer.optional<BotContext>(
      (context) => isAdmin(context.visit.member),
      Composer.command('admin', (context) => this.show(context, context.payload.trim())),
      onPress(adminEntry.press, (context) => this.show(context, '')),
    );
    this.composer.use(forAdmins);
  }

  private async show(context: BotContext, telegramId: string): Promise<void> {
    const { visit } = context;
    if (!/^-?[0-9]{1,20}$/.test(telegramId))
      return sendAnswer(context, visit.html('bot.admin.usage'), [[menuButton(visit)]]);
    const { profile } = await visit.query(FindUserByTelegram, { telegram_id: telegramId });
    const { items } = await visit.query(SearchAuditLog, { user_id: profile.id, limit: entriesShown });
    const lines = items.map(({ at, event, actor }) => {
      const time = formatShortDateTime(visit.locale, at, this.settings.COMMUNITY_TIMEZONE);
      return `${escapeHtml(time)} · <code>${escapeHtml(event)}</code> · ${escapeHtml(actor)}`;
    });
    const title = visit.html('bot.admin.member', { name: profile.first_name, id: profile.id, role: profile.role });
    const shown = lines.length > 0 ? lines : [visit.html('bot.admin.empty')];
    await sendAnswer(context, [title, '', ...shown].join('\n'), [[menuButton(visit)]]);
  }
}
