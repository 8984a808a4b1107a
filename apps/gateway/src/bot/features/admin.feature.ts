import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { FindUsers, GetUser, SearchAuditLog, type Profile } from '#contracts';
import { escapeHtml } from '#i18n';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, onAnswer, opens, pressDecides } from '../feature.parts.js';
import { formatShortDateTime } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { memberCard } from './admin-card.parts.js';
import { memberLine, onwardRows } from './admin-card.view.js';
import { adminFindEntry, cardPress, hasAdminMenu, historyPress } from './admin.keyboard.js';
import { cancelButton, entryButton, lookAround, menuButton, sectionButtons, sectionHtml } from './menu.view.js';

const entriesShown = 12;
const memberAsked = defineConversation('admin_member', 'bot_admin.find.again');

/** `/admin`: the admin menu, finding a member, and what there is to see of one (B-04). For everybody else it does not exist. */
@Injectable()
export class AdminFeature implements BotFeature {
  static readonly menu = [adminFindEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    this.composer.command('admin', async (context, next) => {
      if (!hasAdminMenu(context.visit)) return next();
      const query = context.payload.trim();
      await (query !== '' && context.visit.can('user.read') ? this.find(context, query) : this.showMenu(context));
    });
    const admins = allowedTo(this.composer, 'user.read');
    opens(admins, { ...adminFindEntry, command: undefined }, (context) => this.ask(context));
    onAnswer(admins, memberAsked, (context, text) => this.find(context, text));
    admins.use(onPress(cardPress, (context, { id }) => this.showMember(context, id)));
    pressDecides(admins, 'audit.read', historyPress, (context, { id }) => this.showHistory(context, id));
  }

  private async showMenu(context: BotContext): Promise<void> {
    const { visit } = context;
    const state = await lookAround(visit);
    await sendAnswer(context, sectionHtml(visit, 'admin'), sectionButtons(visit, 'admin', state));
  }

  private async ask(context: BotContext): Promise<void> {
    await this.conversations.begin(context, memberAsked, {});
    await sendAnswer(context, context.visit.html('bot_admin.find.ask'), [[cancelButton(context.visit)]]);
  }

  private async find(context: BotContext, query: string): Promise<void> {
    const { visit } = context;
    const { items, more } = await visit.query(FindUsers, { query: query.trim().slice(0, 128) });
    const [only] = items;
    if (only === undefined) {
      await this.conversations.begin(context, memberAsked, {});
      return sendAnswer(context, visit.html('bot_admin.find.nobody'), [[cancelButton(visit)]]);
    }
    await this.conversations.end(context);
    if (items.length === 1) return this.sendCard(context, only);
    const rows = items.map((profile) => [button(memberLine(profile), cardPress.pack({ id: profile.id }))]);
    const html = more ? visit.html('bot_admin.find.too_many') : visit.html('bot_admin.find.several');
    await sendAnswer(context, html, [...rows, [entryButton(visit, adminFindEntry), menuButton(visit)]]);
  }

  private async showMember(context: BotContext, id: number): Promise<void> {
    await this.sendCard(context, await context.visit.query(GetUser, { user_id: id }));
  }

  private async sendCard(context: BotContext, profile: Profile): Promise<void> {
    await sendAnswer(context, ...(await memberCard(context.visit, profile, this.settings.COMMUNITY_TIMEZONE)));
  }

  /** What happened to the member last, out of the audit log. */
  private async showHistory(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { items } = await visit.query(SearchAuditLog, { user_id: id, limit: entriesShown });
    const lines = items.map(({ at, event, actor }) => {
      const time = formatShortDateTime(visit.locale, at, this.settings.COMMUNITY_TIMEZONE);
      return `${escapeHtml(time)} · <code>${escapeHtml(event)}</code> · ${escapeHtml(actor)}`;
    });
    const shown = lines.length > 0 ? lines : [visit.html('bot_admin.history.empty')];
    const html = [visit.html('bot_admin.history.title', { id }), '', ...shown].join('\n');
    await replaceAnswer(context, html, onwardRows(visit, id));
  }
}
