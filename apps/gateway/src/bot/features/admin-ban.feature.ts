import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { BanUser, GetUser, UnbanUser } from '#contracts';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, onAnswer } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { cardButton, memberLine, onwardRows } from './admin-card.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { banActions, banConfirmPress, banPress } from './admin.keyboard.js';
import { cancelButton, menuButton } from './menu.view.js';

const draftKind = 'admin_ban';
const wishShape = { user_id: z.int(), action: z.enum(banActions) };
const wishSchema = z.object({ ...wishShape, reason: z.string() });
type Wish = Omit<z.output<typeof wishSchema>, 'reason'>;

const reasonAsked = defineConversation('admin_ban_reason', 'bot_admin.reason.again', z.object(wishShape));
const reasonLength = { min: 3, max: 500 };
const contracts = { ban: BanUser, unban: UnbanUser } as const;

/** Bans a member and lifts the ban (U-01, B-04): why, a look at it, and then it is done, once. */
@Injectable()
export class AdminBanFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(private readonly conversations: ConversationStore) {
    const admins = allowedTo(this.composer, 'user.ban');
    admins.use(onPress(banPress, (context, { id, action }) => this.ask(context, { user_id: id, action })));
    admins.use(onPress(banConfirmPress, (context, { draft }) => this.carryOut(context, draft)));
    onAnswer(admins, reasonAsked, (context, text, wish) => this.preview(context, wish, text));
  }

  private async ask(context: BotContext, wish: Wish): Promise<void> {
    const { visit } = context;
    const profile = await visit.query(GetUser, { user_id: wish.user_id });
    await this.conversations.begin(context, reasonAsked, wish);
    const html = visit.html(`bot_admin.${wish.action}.ask`, { member: memberLine(profile) });
    await sendAnswer(context, `${html}\n\n${visit.html('bot_admin.reason.ask')}`, [[cancelButton(visit)]]);
  }

  private async preview(context: BotContext, wish: Wish, reason: string): Promise<void> {
    const { visit } = context;
    if (reason.length < reasonLength.min || reason.length > reasonLength.max) {
      return sendAnswer(context, visit.html('bot_admin.reason.again'), [[cancelButton(visit)]]);
    }
    const profile = await visit.query(GetUser, { user_id: wish.user_id });
    await this.conversations.end(context);
    const draft = await keepDraft(this.conversations, context, draftKind, { ...wish, reason });
    const html = visit.html(`bot_admin.${wish.action}.preview`, { member: memberLine(profile), reason });
    const confirm = button(visit.text('bot_admin.buttons.confirm'), banConfirmPress.pack({ draft }));
    await sendAnswer(context, html, [[confirm], [cardButton(visit, wish.user_id), menuButton(visit)]]);
  }

  private async carryOut(context: BotContext, draft: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: wishSchema });
    if (wish === null) return sendAnswer(context, visit.html('bot_admin.outdated'), [[menuButton(visit)]]);
    const { action, user_id, reason } = wish;
    await visit.commandOnce(contracts[action], { user_id, reason });
    await replaceAnswer(context, visit.html(`bot_admin.${action}.done`), onwardRows(visit, user_id));
  }
}
