import { Injectable } from '@nestjs/common';
import { Composer } from 'telegraf';
import { z } from 'zod';
import {
  DryRunRule,
  dryRunDaysAtMost,
  ExplainRuleEvent,
  GetRule,
  GetRuleSwitch,
  ListRuleEvents,
  ListRules,
  RemoveRule,
  SwitchAllRules,
  SwitchRule,
  type InputOf,
  type Rule,
} from '#contracts';
import { InjectSettings } from '#service';
import type { GatewaySettings } from '../../gateway.env.js';
import type { BotContext, BotFeature } from '../bot.types.js';
import { onPress } from '../callback.data.js';
import { allowedTo, pressDecides } from '../feature.parts.js';
import { showsPages, type Screen } from '../list-screen.parts.js';
import { ConversationStore, defineConversation } from '../member/conversation.store.js';
import type { Visit } from '../member/visit.client.js';
import { button, replaceAnswer, sendAnswer } from '../telegram/answer.sender.js';
import { docsUrl } from './page-link.parts.js';
import { cancelButton } from './menu.view.js';
import { reasonDecides } from './reason.parts.js';
import {
  ruleAskPress,
  ruleEventsPress,
  ruleListPress,
  rulePress,
  ruleRemovePress,
  rulesEntry,
  rulesSwitchPress,
  ruleSwitchPress,
  ruleTryPress,
  ruleWhyPress,
} from './rule.keyboard.js';
import {
  askToRemoveButtons,
  backToRule,
  backToRules,
  dryRunHtml,
  explanationHtml,
  ruleButtons,
  ruleEventsButtons,
  ruleEventsHtml,
  ruleHtml,
  rulesButtons,
  rulesHtml,
} from './rule.view.js';

const perPage = 6;
const reasonAsked = defineConversation('rules_switch', 'bot_admin.reason.again', z.object({ on: z.boolean() }));

/** The rules that give points, in the admin menu (P-06): see, try, switch, stop all, and ask why. They are written over REST. */
@Injectable()
export class RuleFeature implements BotFeature {
  static readonly menu = [rulesEntry];
  readonly composer = new Composer<BotContext>();

  constructor(
    private readonly conversations: ConversationStore,
    @InjectSettings() private readonly settings: GatewaySettings,
  ) {
    const admins = allowedTo(this.composer, 'rule.read');
    showsPages(admins, { entry: rulesEntry, turn: ruleListPress }, (visit, page) => this.list(visit, page));
    admins.use(
      onPress(rulePress, async (context, { id }) =>
        replaceAnswer(context, ...this.card(context.visit, await context.visit.query(GetRule, { id }))),
      ),
    );
    pressDecides(admins, 'rule.manage', ruleSwitchPress, async (context, { id, on }) => {
      const rule = await context.visit.command(SwitchRule, { id, enabled: on === '1' });
      await replaceAnswer(context, ...this.card(context.visit, rule));
    });
    pressDecides(admins, 'rule.manage', ruleAskPress, (context, { id }) => this.askToRemove(context, id));
    pressDecides(admins, 'rule.manage', ruleRemovePress, async (context, { id }) => {
      const rule = await context.visit.command(RemoveRule, { id });
      await replaceAnswer(context, ...this.card(context.visit, rule));
    });
    admins.use(onPress(ruleTryPress, (context, { id }) => this.try(context, id)));
    const switchingAll = 'rule.switch_all';
    pressDecides(admins, switchingAll, rulesSwitchPress, (context, { on }) => this.askReason(context, on === '1'));
    reasonDecides(admins, switchingAll, reasonAsked, (context, reason, { on }) => this.switchAll(context, on, reason));
    admins.use(
      onPress(ruleEventsPress, async (context, { page }) =>
        replaceAnswer(context, ...(await this.events(context.visit, page))),
      ),
    );
    admins.use(onPress(ruleWhyPress, (context, { event }) => this.explain(context, event)));
  }

  private async list(visit: Visit, page: number): Promise<Screen> {
    const [rules, all] = await Promise.all([
      visit.query(ListRules, { page, page_size: perPage }),
      visit.query(GetRuleSwitch, {}),
    ]);
    return [rulesHtml(visit, rules, all, docsUrl(this.settings)), rulesButtons(visit, rules, all)];
  }

  private card(visit: Visit, rule: Rule): Screen {
    return [ruleHtml(visit, rule, this.settings.COMMUNITY_TIMEZONE), ruleButtons(visit, rule)];
  }

  private async askToRemove(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const { title } = await visit.query(GetRule, { id });
    const html = visit.html('bot_rules.ask_remove', { title: title[visit.locale] });
    await replaceAnswer(context, html, askToRemoveButtons(visit, id));
  }

  /** Gives nothing: what it would have given for what really happened. */
  private async try(context: BotContext, id: number): Promise<void> {
    const { visit } = context;
    const rule = await visit.query(GetRule, { id });
    const run = await visit.query(DryRunRule, { ...draftOf(rule), days: dryRunDaysAtMost });
    const html = dryRunHtml(visit, rule, run, this.settings.COMMUNITY_TIMEZONE);
    await replaceAnswer(context, html, backToRule(visit, id));
  }

  private async askReason(context: BotContext, on: boolean): Promise<void> {
    const { visit } = context;
    await this.conversations.begin(context, reasonAsked, { on });
    const html = on ? visit.html('bot_rules.ask_go_on') : visit.html('bot_rules.ask_stop');
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  }

  private async switchAll(context: BotContext, on: boolean, reason: string): Promise<void> {
    const { visit } = context;
    await this.conversations.end(context);
    await visit.command(SwitchAllRules, { on, reason });
    await sendAnswer(context, ...(await this.list(visit, 1)));
  }

  private async events(visit: Visit, page: number): Promise<Screen> {
    const events = await visit.query(ListRuleEvents, { page, page_size: perPage });
    const buttons = ruleEventsButtons(visit, events, this.settings.COMMUNITY_TIMEZONE);
    return [ruleEventsHtml(visit, events), buttons];
  }

  private async explain(context: BotContext, event: string): Promise<void> {
    const { visit } = context;
    const explanation = await visit.query(ExplainRuleEvent, { event_id: event });
    const html = explanationHtml(visit, explanation, this.settings.COMMUNITY_TIMEZONE);
    const events = button(visit.text('bot_rules.buttons.events'), ruleEventsPress.pack({ page: 1 }));
    await replaceAnswer(context, html, [[events], ...backToRules(visit)]);
  }
}

/** What a rule says, without what has become of it. */
function draftOf(rule: Rule): InputOf<typeof DryRunRule> {
  const { title, event_type, condition, points, percent_field, percent } = rule;
  const { daily_limit, total_limit, daily_budget, total_budget, starts_at, ends_at } = rule;
  const limits = { daily_limit, total_limit, daily_budget, total_budget };
  return { title, event_type, condition, points, percent_field, percent, ...limits, starts_at, ends_at };
}
