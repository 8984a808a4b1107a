import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import { AppError, daySchema, DeclareAmnesty, ListAmnesties, UndoAmnesty } from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, answerDecides, pressDecides } from '../feature.parts.js';
import { findListed, showsPages, type Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import {
  amnestiesEntry,
  amnestyConfirmPress,
  amnestyListPress,
  amnestyNewPress,
  amnestyPress,
  amnestyUndoPress,
} from './admin-amnesty.keyboard.js';
import {
  amnestiesButtons,
  amnestiesHtml,
  amnestyButtons,
  amnestyHtml,
  daysText,
  onwardRows,
  type Amnesty,
} from './admin-amnesty.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { cancelButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';
import { parseDayRange } from './typed-window.rules.js';

const perPage = 6;
const draftKind = 'admin_amnesty';
const deciding = 'amnesty.declare';

/** A new one of these days, or the end of an old one. */
const whatSchema = z.object({
  undo: z.int().optional(),
  from_day: daySchema.optional(),
  until_day: daySchema.optional(),
});
const wishSchema = whatSchema.extend({ reason: z.string() });
type What = z.output<typeof whatSchema>;
type Wish = z.output<typeof wishSchema>;

const daysAsked = defineConversation('amnesty_days', 'bot_amnesty.ask.days_again');
const reasonAsked = defineConversation('amnesty_reason', 'bot_admin.reason.again', whatSchema);

/**
 * Days on which the platform was down (P-02), in the admin menu (B-04): which were forgiven, and which shall be. What is dangerous
 * elsewhere without a fresh confirmation is shown here once more before it is done.
 */
@Injectable()
export class AdminAmnestyFeature implements BotFeature {
  static readonly menu = [amnestiesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'amnesty.read');
    showsPages(admins, { entry: amnestiesEntry, turn: amnestyListPress }, (visit, page) => this.list(visit, page));
    admins.use(
      onPress(amnestyPress, async (context, { id, page }) =>
        replaceAnswer(context, ...(await this.card(context.visit, id, page))),
      ),
    );
    pressDecides(admins, deciding, amnestyNewPress, (context) => this.askForDays(context));
    answerDecides(admins, deciding, daysAsked, (context, text) => this.takeDays(context, text));
    pressDecides(admins, deciding, amnestyUndoPress, (context, { id }) => this.askReason(context, { undo: id }));
    reasonDecides(admins, deciding, reasonAsked, (context, text, what) => this.preview(context, text, what));
    pressDecides(admins, deciding, amnestyConfirmPress, (context, { draft }) => this.carryOut(context, draft));
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const found = await visit.query(ListAmnesties, { page, page_size: perPage });
    return [amnestiesHtml(visit, found), amnestiesButtons(visit, found)];
  }

  private async card(visit: Visit, id: number, page: number): Promise<Screen> {
    const found = await findListed({ id, page }, (at) => visit.query(ListAmnesties, { page: at, page_size: perPage }));
    return found ? this.screenOf(visit, found.item, found.page) : this.list(visit, 1);
  }

  private screenOf(visit: Visit, amnesty: Amnesty, page: number): Screen {
    const html = amnestyHtml(visit, amnesty, this.settings.COMMUNITY_TIMEZONE);
    return [html, amnestyButtons(visit, amnesty, page)];
  }

  private async askForDays(context: BotContext): Promise<void> {
    await this.conversations.begin(context, daysAsked, {});
    await sendAnswer(context, context.visit.html('bot_amnesty.ask.days'), [[cancelButton(context.visit)]]);
  }

  private async takeDays(context: BotContext, text: string): Promise<void> {
    const { visit } = context;
    const days = parseDayRange(text);
    if (days === null) return sendAnswer(context, visit.html('bot_amnesty.ask.days_again'), [[cancelButton(visit)]]);
    await this.askReason(context, { from_day: days.from, until_day: days.until });
  }

  private async askReason(context: BotContext, what: What): Promise<void> {
    await this.conversations.begin(context, reasonAsked, what);
    await sendAnswer(context, context.visit.html('bot_admin.reason.ask'), [[cancelButton(context.visit)]]);
  }

  private async preview(context: BotContext, reason: string, what: What): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    const draft = await keepDraft(this.conversations, context, draftKind, { ...what, reason });
    const { undo, from_day = '', until_day = '' } = what;
    const html =
      undo === undefined
        ? visit.html('bot_amnesty.preview', { days: daysText(visit, { from_day, until_day }), reason })
        : visit.html('bot_amnesty.preview_undo', { id: undo, reason });
    const confirm = button(visit.text('bot_admin.buttons.confirm'), amnestyConfirmPress.pack({ draft }));
    await sendAnswer(context, html, [[confirm], ...onwardRows(visit)]);
  }

  private async carryOut(context: BotContext, draft: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: wishSchema });
    if (wish === null) return sendAnswer(context, visit.html('bot_admin.outdated'), onwardRows(visit));
    try {
      await replaceAnswer(context, ...this.screenOf(visit, await this.decide(visit, wish), 1));
    } catch (error) {
      // Which days are possible depends on today, so the platform says it and not the question.
      if (!(error instanceof AppError) || error.errorName !== 'amnesty.window_invalid') throw error;
      const { problem } = error.params as { problem: string };
      const why = visit.lookup(`bot_amnesty.problems.${problem}`) ?? problem;
      await replaceAnswer(context, visit.html('bot_amnesty.impossible', { why }), onwardRows(visit));
    }
  }

  private decide(visit: Visit, { undo, from_day = '', until_day = '', reason }: Wish): Promise<Amnesty> {
    if (undo !== undefined) return visit.commandOnce(UndoAmnesty, { amnesty_id: undo, reason });
    return visit.commandOnce(DeclareAmnesty, { from_day, until_day, reason });
  }
}
