import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { BanUser, GetUser, UnbanUser, type Profile } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { allowedTo, pressDecides } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { memberCard } from './admin-card.parts.js';
import { banActionFor, cardButton, memberLine, onwardRows } from './admin-card.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { banActions, banConfirmPress, banPress } from './admin.keyboard.js';
import { cancelButton, menuButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';

const draftKind = 'admin_ban';
const banning = 'user.ban';
const wishShape = { user_id: z.int(), action: z.enum(banActions) };
const wishSchema = z.object({ ...wishShape, reason: z.string() });
type Wish = Omit<z.output<typeof wishSchema>, 'reason'>;

const reasonAsked = defineConversation('admin_ban_reason', 'bot_admin.reason.again', z.object(wishShape));
const contracts = { ban: BanUser, unban: UnbanUser } as const;

/** Bans a member and lifts the ban (U-01, B-04): why, a look at it, and then it is done, once. */
@Injectable()
export class AdminBanFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'user.read');
    pressDecides(admins, banning, banPress, (context, { id, action }) => this.ask(context, { user_id: id, action }));
    pressDecides(admins, banning, banConfirmPress, (context, { draft }) => this.carryOut(context, draft));
    reasonDecides(admins, banning, reasonAsked, (context, text, wish) => this.preview(context, wish, text));
  }

  private async ask(context: BotContext, wish: Wish): Promise<void> {
    const { visit } = context;
    const profile = await visit.query(GetUser, { user_id: wish.user_id });
    if (banActionFor(profile) !== wish.action) return this.showPresent(context, profile);
    await this.conversations.begin(context, reasonAsked, wish);
    const html = visit.html(`bot_admin.${wish.action}.ask`, { member: memberLine(profile) });
    await sendAnswer(context, `${html}\n\n${visit.html('bot_admin.reason.ask')}`, [[cancelButton(visit)]]);
  }

  private async preview(context: BotContext, wish: Wish, reason: string): Promise<void> {
    const { visit } = context;
    const profile = await visit.query(GetUser, { user_id: wish.user_id });
    await this.conversations.end(context);
    if (banActionFor(profile) !== wish.action) return this.showPresent(context, profile);
    const draft = await keepDraft(this.conversations, context, draftKind, { ...wish, reason });
    const html = visit.html(`bot_admin.${wish.action}.preview`, { member: memberLine(profile), reason });
    const confirm = button(visit.text('bot_admin.buttons.confirm'), banConfirmPress.pack({ draft }));
    await sendAnswer(context, html, [[confirm], [cardButton(visit, wish.user_id), menuButton(visit)]]);
  }

  /** Another admin was faster: the card says how things are now, and has the button that fits. */
  private async showPresent(context: BotContext, profile: Profile): Promise<void> {
    await replaceAnswer(context, ...(await memberCard(context.visit, profile, this.settings.COMMUNITY_TIMEZONE)));
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
