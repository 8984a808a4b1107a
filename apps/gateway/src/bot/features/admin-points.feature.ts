import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { AdjustPoints, GetUser, type OutputOf } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, answerDecides, pressDecides } from '../feature.parts.js';
import { formatSigned } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { cardButton, memberLine, onwardRows } from './admin-card.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { parseAdjustment } from './admin-input.rules.js';
import { adjustConfirmPress, adjustPress } from './admin.keyboard.js';
import { pointsText } from './amount.view.js';
import { cancelButton, menuButton } from './menu.view.js';

const draftKind = 'admin_points';
const asking = 'adjustment.request';
const wishSchema = z.object({ user_id: z.int(), points: z.int(), reason: z.string() });
const amountAsked = defineConversation('admin_points', 'bot_admin.points.again', z.object({ user_id: z.int() }));

/** Points given or taken by an admin (P-09, B-04): how many and why, a look at it, and then it is done, once. */
@Injectable()
export class AdminPointsFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly conversations: ConversationStore) {
    const admins = allowedTo(this.composer, 'user.read');
    pressDecides(admins, asking, adjustPress, (context, { id }) => this.ask(context, id));
    pressDecides(admins, asking, adjustConfirmPress, (context, { draft }) => this.adjust(context, draft));
    answerDecides(admins, asking, amountAsked, (context, text, { user_id }) => this.preview(context, user_id, text));
  }

  private async ask(context: BotContext, userId: number): Promise<void> {
    const { visit } = context;
    const profile = await visit.query(GetUser, { user_id: userId });
    await this.conversations.begin(context, amountAsked, { user_id: userId });
    const balance = pointsText(visit, profile.points);
    const html = visit.html('bot_admin.points.ask', { member: memberLine(profile), balance });
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  private async preview(context: BotContext, userId: number, text: string): Promise<void> {
    const { visit } = context;
    const typed = parseAdjustment(text);
    if (typed === null) return sendAnswer(context, visit.html('bot_admin.points.again'), [[cancelButton(visit)]]);
    const profile = await visit.query(GetUser, { user_id: userId });
    await this.conversations.end(context);
    const draft = await keepDraft(this.conversations, context, draftKind, { user_id: userId, ...typed });
    const points = formatSigned(visit.locale, typed.points);
    const html = visit.html('bot_admin.points.preview', { member: memberLine(profile), points, reason: typed.reason });
    const confirm = button(visit.text('bot_admin.buttons.confirm'), adjustConfirmPress.pack({ draft }));
    await sendAnswer(context, html, [[confirm], [cardButton(visit, userId), menuButton(visit)]]);
  }

  private async adjust(context: BotContext, draft: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: wishSchema });
    if (wish === null) return sendAnswer(context, visit.html('bot_admin.outdated'), [[menuButton(visit)]]);
    const adjustment = await visit.commandOnce(AdjustPoints, wish);
    await replaceAnswer(context, outcomeHtml(visit, adjustment), onwardRows(visit, wish.user_id));
  }
}

function outcomeHtml(visit: Visit, { state, balance_after }: OutputOf<typeof AdjustPoints>): string {
  if (state === 'pending') return visit.html('bot_admin.points.pending');
  return visit.html('bot_admin.points.done', { balance: pointsText(visit, balance_after ?? 0) });
}
