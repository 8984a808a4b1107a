import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { ApproveAdjustment, ListAdjustments, RejectAdjustment } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, opens, pressDecides } from '../feature.parts.js';
import { formatSigned } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { button, sendAnswer } from '../telegram/answer.sender.js';
import { adminPendingEntry, approvePress, rejectPress } from './admin.keyboard.js';
import { pointsText } from './amount.view.js';
import { cancelButton, entryButton, menuButton, sectionButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';

const shownAtMost = 5;
const noteAsked = defineConversation('admin_reject', 'bot_admin.reason.again', z.object({ id: z.int() }));

/** The second pair of eyes for large adjustments (P-09), in the chat. */
@Injectable()
export class AdminPendingFeature implements BotFeature {
  static readonly menu = [adminPendingEntry];
  readonly composer = new Composer<BotContext>();

  constructor(private readonly conversations: ConversationStore) {
    const admins = allowedTo(this.composer, 'adjustment.read');
    opens(admins, adminPendingEntry, (context) => this.list(context));
    const deciding = 'adjustment.decide';
    pressDecides(admins, deciding, approvePress, (context, { id }) => this.approve(context, id));
    pressDecides(admins, deciding, rejectPress, (context, { id }) => this.askNote(context, id));
    reasonDecides(admins, deciding, noteAsked, (context, text, { id }) => this.reject(context, id, text));
  }

  private async list(context: BotContext): Promise<void> {
    const { visit } = context;
    const { items, total } = await visit.query(ListAdjustments, { state: 'pending', page: 1, page_size: shownAtMost });
    if (items.length === 0) {
      const rows = [[sectionButton(visit, 'admin'), menuButton(visit)]];
      return sendAnswer(context, visit.html('bot_admin.pending.none'), rows);
    }
    const lines = items.map(({ id, user_id, points, reason, requested_by }) =>
      visit.html('bot_admin.pending.line', {
        id,
        user: user_id,
        by: requested_by,
        points: formatSigned(visit.locale, points),
        reason,
      }),
    );
    const decidable = visit.can('adjustment.decide') ? items : [];
    const rows = decidable.map(({ id }) => [
      button(visit.text('bot_admin.buttons.approve', { id }), approvePress.pack({ id })),
      button(visit.text('bot_admin.buttons.reject', { id }), rejectPress.pack({ id })),
    ]);
    const html = [visit.html('bot_admin.pending.title', { total }), '', ...lines].join('\n');
    await sendAnswer(context, html, [...rows, [sectionButton(visit, 'admin'), menuButton(visit)]]);
  }

  private async approve(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { balance_after } = await visit.commandOnce(ApproveAdjustment, { id });
    const html = visit.html('bot_admin.pending.approved', { id, balance: pointsText(visit, balance_after ?? 0) });
    await sendAnswer(context, html, this.onward(context));
  }

  private async askNote(context: BotContext, id: number): Promise<void> {
    await this.conversations.begin(context, noteAsked, { id });
    await sendAnswer(context, context.visit.html('bot_admin.reason.ask'), [[cancelButton(context.visit)]]);
  }

  private async reject(context: BotContext, id: number, note: string): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    await visit.command(RejectAdjustment, { id, note });
    await sendAnswer(context, visit.html('bot_admin.pending.rejected', { id }), this.onward(context));
  }

  private onward({ visit }: BotContext): ReturnType<typeof button>[][] {
    return [[entryButton(visit, adminPendingEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
  }
}
