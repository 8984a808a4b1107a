import { Injectable } from '@nestjs/common';
import { Composer, Input } from 'telegraf';
import { z } from 'zod';
import { CreateSystemCodes, ListPlans, systemCodesAtMost, type InputOf } from '#contracts';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, onAnswer } from '../feature.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import { button, replaceAnswer, sendAnswer, type ButtonRows } from '../telegram/answer.sender.js';
import {
  codeAnyUsesPress,
  codeConfirmPress,
  codeDaysPress,
  codeNewPress,
  codeNoWindowPress,
  codePlanPress,
  codesEntry,
  codeTrialPress,
} from './admin-code.keyboard.js';
import { codesFile, madeHtml, onwardRows, planText, wishHtml, type CodeWish } from './admin-code.view.js';
import { keepDraft, recallDraft } from './admin-draft.parts.js';
import { parseCount } from './admin-input.rules.js';
import { cancelButton, entryButton, menuButton } from './menu.view.js';
import { parseWindow } from './typed-window.rules.js';

const draftKind = 'admin_codes';
const usesAtMost = 1_000_000;
const daysAtMost = 3_650;

const whatShape = { plan: z.string().optional(), days: z.int().optional() };
const countedShape = { ...whatShape, count: z.int() };
const usedShape = { ...countedShape, max_uses: z.int().nullable() };
const wishSchema = z.object({
  ...usedShape,
  valid_from: z.string().nullable(),
  valid_until: z.string().nullable(),
});

const daysAsked = defineConversation('codes_days', 'bot_codes.ask.days_again');
const countAsked = defineConversation('codes_count', 'bot_codes.ask.count_again', z.object(whatShape));
const usesAsked = defineConversation('codes_uses', 'bot_codes.ask.uses_again', z.object(countedShape));
const windowAsked = defineConversation('codes_window', 'bot_codes.ask.window_again', z.object(usedShape));
type What = z.output<typeof countAsked.fields>;
type Counted = z.output<typeof usesAsked.fields>;
type Used = z.output<typeof windowAsked.fields>;

/** Makes system codes (U-05, B-04): for what, how many, how often, until when, a look at it, and then they are made, once. */
@Injectable()
export class AdminCodeDraftFeature implements BotFeature {
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'invite_code.manage');
    admins.use(onPress(codeNewPress, (context) => this.askWhat(context)));
    admins.use(onPress(codeTrialPress, (context) => this.askCount(context, {})));
    admins.use(onPress(codePlanPress, (context, { plan }) => this.askCount(context, { plan })));
    admins.use(onPress(codeDaysPress, (context) => this.askDays(context)));
    onAnswer(admins, daysAsked, (context, text) => this.takeDays(context, text));
    onAnswer(admins, countAsked, (context, text, what) => this.takeCount(context, text, what));
    onAnswer(admins, usesAsked, (context, text, wish) => this.takeUses(context, text, wish));
    admins.use(onPress(codeAnyUsesPress, (context, { draft }) => this.takeAnyUses(context, draft)));
    onAnswer(admins, windowAsked, (context, text, wish) => this.takeWindow(context, text, wish));
    admins.use(onPress(codeNoWindowPress, (context, { draft }) => this.takeNoWindow(context, draft)));
    admins.use(onPress(codeConfirmPress, (context, { draft }) => this.make(context, draft)));
  }

  private async askWhat(context: BotContext): Promise<void> {
    const { visit } = context;
    const { items } = await visit.query(ListPlans, {});
    const plans = items
      .filter(({ enabled }) => enabled)
      .map(({ code, days }) => [button(planText(visit, code, days), codePlanPress.pack({ plan: code }))]);
    await replaceAnswer(context, visit.html('bot_codes.ask.what'), [
      [button(visit.text('bot_codes.trial'), codeTrialPress.pack({}))],
      ...plans,
      [button(visit.text('bot_admin.buttons.other_days'), codeDaysPress.pack({}))],
      [entryButton(visit, codesEntry), menuButton(visit)],
    ]);
  }

  private async askDays(context: BotContext): Promise<void> {
    await this.conversations.begin(context, daysAsked, {});
    await this.ask(context, context.visit.html('bot_codes.ask.days'));
  }

  private async takeDays(context: BotContext, text: string): Promise<void> {
    const days = parseCount(text, daysAtMost);
    if (days === null) return this.ask(context, context.visit.html('bot_codes.ask.days_again'));
    await this.askCount(context, { days });
  }

  private async askCount(context: BotContext, what: What): Promise<void> {
    await this.conversations.begin(context, countAsked, what);
    await this.ask(context, context.visit.html('bot_codes.ask.count'));
  }

  private async takeCount(context: BotContext, text: string, what: What): Promise<void> {
    const { visit } = context;
    const count = parseCount(text, systemCodesAtMost);
    if (count === null) return this.ask(context, visit.html('bot_codes.ask.count_again'));
    const wish = { ...what, count };
    await this.conversations.begin(context, usesAsked, wish);
    const draft = await keepDraft(this.conversations, context, draftKind, wish);
    const any = button(visit.text('bot_codes.buttons.any_uses'), codeAnyUsesPress.pack({ draft }));
    await this.ask(context, visit.html('bot_codes.ask.uses'), [[any]]);
  }

  private async takeUses(context: BotContext, text: string, wish: Counted): Promise<void> {
    const uses = parseCount(text, usesAtMost);
    if (uses === null) return this.ask(context, context.visit.html('bot_codes.ask.uses_again'));
    await this.askWindow(context, { ...wish, max_uses: uses });
  }

  private async takeAnyUses(context: BotContext, draft: string): Promise<void> {
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: usesAsked.fields });
    if (wish === null) return this.tellOutdated(context);
    await this.askWindow(context, { ...wish, max_uses: null });
  }

  private async askWindow(context: BotContext, wish: Used): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, windowAsked, wish);
    const draft = await keepDraft(this.conversations, context, draftKind, wish);
    const ever = button(visit.text('bot_codes.buttons.no_window'), codeNoWindowPress.pack({ draft }));
    const html = visit.html('bot_codes.ask.window', { timezone: this.settings.COMMUNITY_TIMEZONE });
    await this.ask(context, html, [[ever]]);
  }

  private async takeWindow(context: BotContext, text: string, wish: Used): Promise<void> {
    const window = parseWindow(text, this.settings.COMMUNITY_TIMEZONE);
    if (window === null || window.until <= this.clock.now().toISOString())
      return this.ask(context, context.visit.html('bot_codes.ask.window_again'));
    await this.conversations.end(context);
    await this.preview(context, { ...wish, valid_from: window.from, valid_until: window.until });
  }

  private async takeNoWindow(context: BotContext, draft: string): Promise<void> {
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: windowAsked.fields });
    if (wish === null) return this.tellOutdated(context);
    await this.preview(context, { ...wish, valid_from: null, valid_until: null });
  }

  private async preview(context: BotContext, wish: CodeWish): Promise<void> {
    const { visit } = context;
    const draft = await keepDraft(this.conversations, context, draftKind, wish);
    const confirm = button(visit.text('bot_admin.buttons.confirm'), codeConfirmPress.pack({ draft }));
    const html = wishHtml(visit, wish, this.settings.COMMUNITY_TIMEZONE);
    await sendAnswer(context, html, [[confirm], [entryButton(visit, codesEntry), menuButton(visit)]]);
  }

  private async make(context: BotContext, draft: string): Promise<void> {
    const { visit } = context;
    const wish = await recallDraft(this.conversations, context, draftKind, { draft, schema: wishSchema });
    if (wish === null) return this.tellOutdated(context);
    const made = await visit.commandOnce(CreateSystemCodes, { ...wish, ...kindOf(wish), batch: `bot-${draft}` });
    // First the file: when it cannot be sent, the button is still there, and gives the same codes again.
    const file = codesFile(made);
    if (file !== null) await context.replyWithDocument(Input.fromBuffer(file, `invite-codes-${draft}.txt`));
    await replaceAnswer(context, madeHtml(visit, made), onwardRows(visit));
  }

  private async ask(context: BotContext, html: string, buttons: ButtonRows = []): Promise<void> {
    await sendAnswer(context, html, [...buttons, [cancelButton(context.visit)]]);
  }

  private async tellOutdated(context: BotContext): Promise<void> {
    await sendAnswer(context, context.visit.html('bot_admin.outdated'), onwardRows(context.visit));
  }
}

function kindOf({ plan, days }: What): Pick<InputOf<typeof CreateSystemCodes>, 'kind'> {
  return { kind: plan === undefined && days === undefined ? 'system_trial' : 'system_formal' };
}
