import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { GetUser, GrantMembership, ListPlans, type Membership } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, answerDecides, pressDecides } from '../feature.parts.js';
import { formatDateTime } from '../locale.format.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { cardButton, memberLine, onwardRows } from './admin-card.view.js';
import { planText } from './admin-code.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { parseDays } from './admin-input.rules.js';
import { grantConfirmPress, grantDaysPress, grantPlanPress, grantPress } from './admin.keyboard.js';
import { cancelButton, menuButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';

const draftKind = 'admin_grant';
const granting = 'membership.grant';
const wishShape = { user_id: z.int(), plan: z.string().optional(), days: z.int().optional() };
const wishSchema = z.object({ ...wishShape, reason: z.string() });
type Wish = Omit<z.output<typeof wishSchema>, 'reason'>;

const daysAsked = defineConversation('admin_days', 'bot_admin.grant.ask_days', z.object({ user_id: z.int() }));
const reasonAsked = defineConversation('admin_grant_reason', 'bot_admin.reason.again', z.object(wishShape));

/** A membership given by an admin (B-04): how long, why, a look at what will be done, and then it is done, once. */
@Injectable()
export class AdminGrantFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'user.read');
    pressDecides(admins, granting, grantPress, (context, { id }) => this.askPlan(context, id));
    pressDecides(admins, granting, grantPlanPress, (context, { id, plan }) =>
      this.askReason(context, { user_id: id, plan }),
    );
    pressDecides(admins, granting, grantDaysPress, (context, { id }) => this.askDays(context, id));
    pressDecides(admins, granting, grantConfirmPress, (context, { draft }) => this.grant(context, draft));
    answerDecides(admins, granting, daysAsked, (context, text, { user_id }) => this.takeDays(context, user_id, text));
    reasonDecides(admins, granting, reasonAsked, (context, text, wish) => this.preview(context, wish, text));
  }

  private async askPlan(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const [profile, { items }] = await Promise.all([visit.query(GetUser, { user_id: id }), visit.query(ListPlans, {})]);
    const plans = items
      .filter(({ enabled }) => enabled)
      .map(({ code, days }) => [button(planText(visit, code, days), grantPlanPress.pack({ id, plan: code }))]);
    const other = [button(visit.text('bot_admin.buttons.other_days'), grantDaysPress.pack({ id }))];
    const html = visit.html('bot_admin.grant.ask_plan', { member: memberLine(profile) });
    await sendAnswer(context, html, [...plans, other, [cardButton(visit, id), menuButton(visit)]]);
  }

  private async askDays(context: BotContext, userId: number): Promise<void> {
    await this.conversations.begin(context, daysAsked, { user_id: userId });
    await sendAnswer(context, context.visit.html('bot_admin.grant.ask_days'), [[cancelButton(context.visit)]]);
  }

  private async takeDays(context: BotContext, userId: number, text: string): Promise<void> {
    const days = parseDays(text);
    if (days === null) {
      return sendAnswer(context, context.visit.html('bot_admin.grant.not_days'), [[cancelButton(context.visit)]]);
    }
    await this.askReason(context, { user_id: userId, days });
  }

  private async askReason(context: BotContext, wish: Wish): Promise<void> {
    await this.conversations.begin(context, reasonAsked, wish);
    await sendAnswer(context, context.visit.html('bot_admin.reason.ask'), [[cancelButton(context.visit)]]);
  }

  private async preview(context: BotContext, wish: Wish, reason: string): Promise<void> {
    const { visit } = context;
    const profile = await visit.query(GetUser, { user_id: wish.user_id });
    await this.conversations.end(context);
    const draft = await keepDraft(this.conversations, context, draftKind, { ...wish, reason });
    const what = planText(visit, wish.plan, wish.days);
    const html = visit.html('bot_admin.grant.preview', { member: memberLine(profile), what, reason });
    const confirm = button(visit.text('bot_admin.buttons.confirm'), grantConfirmPress.pack({ draft }));
    await sendAnswer(context, html, [[confirm], [cardButton(visit, wish.user_id), menuButton(visit)]]);
  }

  private async grant(context: BotContext, draft: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: wishSchema });
    if (wish === null) return sendAnswer(context, visit.html('bot_admin.outdated'), [[menuButton(visit)]]);
    const { membership } = await visit.commandOnce(GrantMembership, wish);
    await replaceAnswer(context, this.doneHtml(visit, membership), onwardRows(visit, wish.user_id));
  }

  private doneHtml(visit: Visit, { expires_at }: Membership): string {
    if (expires_at === null) return visit.html('bot_admin.grant.done_forever');
    const until = formatDateTime(visit.locale, expires_at, this.settings.COMMUNITY_TIMEZONE);
    return visit.html('bot_admin.grant.done_until', { until });
  }
}
