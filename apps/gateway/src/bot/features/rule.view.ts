import type {
  DryRunRule,
  ExplainRuleEvent,
  GetRuleSwitch,
  ListRuleEvents,
  ListRules,
  OutputOf,
  Rule,
} from '#contracts';
import { escapeHtml } from '#i18n';
import { formatDateTime, formatNumber, formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { pointsText } from './amount.view.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';
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

type Rules = OutputOf<typeof ListRules>;
type Switch = OutputOf<typeof GetRuleSwitch>;
type Events = OutputOf<typeof ListRuleEvents>;
type Explained = OutputOf<typeof ExplainRuleEvent>['rules'][number];

const buttonTextAtMost = 50;
const conditionAtMost = 1_200;
/** So that an explanation fits into a message. */
const rulesExplainedAtMost = 8;
const partsAtMost = 3;
const partAtMost = 80;

export function rulesHtml(visit: Visit, { total }: Rules, { on, reason }: Switch, docs: string): string {
  return [
    visit.html('bot_rules.title'),
    '',
    on ? visit.html('bot_rules.running') : visit.html('bot_rules.stopped', { reason: reason ?? '' }),
    '',
    total > 0 ? visit.html('bot_rules.choose') : visit.html('bot_rules.none'),
    ...(visit.can('rule.manage') ? ['', visit.html('bot_admin.written_over_rest', { docs })] : []),
  ].join('\n');
}

export function rulesButtons(visit: Visit, rules: Rules, { on }: Switch): ButtonRows {
  const open = rules.items.map(({ id, title, enabled, points }) => {
    const text = `${enabled ? '🟢' : '⚪'} ${title[visit.locale]} · ${formatNumber(visit.locale, points)}`;
    return [button([...text].slice(0, buttonTextAtMost).join(''), rulePress.pack({ id }))];
  });
  const all = on
    ? button(visit.text('bot_rules.buttons.stop_all'), rulesSwitchPress.pack({ on: '0' }))
    : button(visit.text('bot_rules.buttons.let_go_on'), rulesSwitchPress.pack({ on: '1' }));
  return [
    ...open,
    ...turningRows(visit, rules, (page) => ruleListPress.pack({ page })),
    [
      button(visit.text('bot_rules.buttons.events'), ruleEventsPress.pack({ page: 1 })),
      ...(visit.can('rule.switch_all') ? [all] : []),
    ],
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

/** What a rule says and what it has given. */
export function ruleHtml(visit: Visit, rule: Rule, timezone: string): string {
  const time = (at: string): string => formatDateTime(visit.locale, at, timezone);
  const amount = (value: number): string => formatNumber(visit.locale, value);
  const condition = rule.condition === null ? null : JSON.stringify(rule.condition, null, 1).slice(0, conditionAtMost);
  return [
    `<b>${escapeHtml(rule.title[visit.locale])}</b>`,
    stateHtml(visit, rule),
    '',
    visit.html('bot_rules.card.event', { event: eventText(visit, rule.event_type) }),
    worthHtml(visit, rule),
    ...(condition === null
      ? [visit.html('bot_rules.card.always')]
      : [visit.html('bot_rules.card.condition'), `<pre>${escapeHtml(condition)}</pre>`]),
    ...limitLines(visit, rule),
    ...(rule.starts_at === null ? [] : [visit.html('bot_rules.card.from', { time: time(rule.starts_at) })]),
    ...(rule.ends_at === null ? [] : [visit.html('bot_rules.card.until', { time: time(rule.ends_at) })]),
    '',
    visit.html('bot_rules.card.given', {
      count: rule.rewards,
      amount: amount(rule.rewards),
      points: pointsText(visit, rule.points_given),
    }),
  ].join('\n');
}

function stateHtml(visit: Visit, { enabled, removed_at }: Rule): string {
  if (removed_at !== null) return visit.html('bot_rules.card.removed');
  return enabled ? visit.html('bot_rules.card.on') : visit.html('bot_rules.card.off');
}

function worthHtml(visit: Visit, { points, percent, percent_field: field }: Rule): string {
  const worth = pointsText(visit, points);
  if (percent === null || field === null) return visit.html('bot_rules.card.points', { points: worth });
  return visit.html('bot_rules.card.percent', { percent, field, points: worth });
}

function limitLines(visit: Visit, rule: Rule): string[] {
  const amount = (value: number): string => formatNumber(visit.locale, value);
  const { daily_limit, total_limit, daily_budget, total_budget } = rule;
  return [
    ...(daily_limit === null ? [] : [visit.html('bot_rules.card.daily_limit', { number: amount(daily_limit) })]),
    ...(total_limit === null ? [] : [visit.html('bot_rules.card.total_limit', { number: amount(total_limit) })]),
    ...(daily_budget === null
      ? []
      : [visit.html('bot_rules.card.daily_budget', { points: pointsText(visit, daily_budget) })]),
    ...(total_budget === null
      ? []
      : [visit.html('bot_rules.card.total_budget', { points: pointsText(visit, total_budget) })]),
  ];
}

/** Rules that are shipped can be switched off only, and those that are removed are there to be read. */
export function ruleButtons(visit: Visit, { id, key, enabled, removed_at }: Rule): ButtonRows {
  const turn = enabled
    ? button(visit.text('bot_rules.buttons.off'), ruleSwitchPress.pack({ id, on: '0' }))
    : button(visit.text('bot_rules.buttons.on'), ruleSwitchPress.pack({ id, on: '1' }));
  const isDecided = visit.can('rule.manage') && removed_at === null;
  const remove = button(visit.text('bot_rules.buttons.remove'), ruleAskPress.pack({ id }));
  return [
    [button(visit.text('bot_rules.buttons.try'), ruleTryPress.pack({ id })), ...(isDecided ? [turn] : [])],
    ...(isDecided && key === null ? [[remove]] : []),
    [entryButton(visit, rulesEntry), menuButton(visit)],
  ];
}

/** What a rule would have given for what really happened. */
export function dryRunHtml(visit: Visit, rule: Rule, run: OutputOf<typeof DryRunRule>, timezone: string): string {
  const amount = (value: number): string => formatNumber(visit.locale, value);
  const outcomes = run.outcomes.map(({ outcome, events }) =>
    visit.html('bot_rules.try.outcome', {
      outcome: visit.text(`bot_rules.outcomes.${outcome}`),
      number: amount(events),
    }),
  );
  const members = run.top_members
    .slice(0, 5)
    .map(({ user_id, rewards, points }) =>
      visit.html('bot_rules.try.member', { user: user_id, number: amount(rewards), points: pointsText(visit, points) }),
    );
  return [
    visit.html('bot_rules.try.title', { title: rule.title[visit.locale] }),
    visit.html('bot_rules.try.since', { time: formatShortDateTime(visit.locale, run.covered_from, timezone) }),
    ...(run.complete ? [] : [visit.html('bot_rules.try.incomplete')]),
    '',
    visit.html('bot_rules.try.events', { number: amount(run.events) }),
    visit.html('bot_rules.try.rewards', { number: amount(run.rewards), points: pointsText(visit, run.points) }),
    visit.html('bot_rules.try.members', { number: amount(run.members) }),
    ...(outcomes.length > 0 ? ['', ...outcomes] : []),
    ...(members.length > 0 ? ['', visit.html('bot_rules.try.top'), ...members] : []),
  ].join('\n');
}

export function ruleEventsHtml(visit: Visit, { total }: Events): string {
  const html = total > 0 ? visit.html('bot_rules.events_choose') : visit.html('bot_rules.events_none');
  return `${visit.html('bot_rules.events_title')}\n\n${html}`;
}

export function ruleEventsButtons(visit: Visit, events: Events, timezone: string): ButtonRows {
  const open = events.items.map(({ event_id, event_type, user_id, occurred_at }) => {
    const time = formatShortDateTime(visit.locale, occurred_at, timezone);
    const text = `${time} · #${user_id} · ${eventText(visit, event_type)}`;
    return [button([...text].slice(0, buttonTextAtMost).join(''), ruleWhyPress.pack({ event: event_id }))];
  });
  return [
    ...open,
    ...turningRows(visit, events, (page) => ruleEventsPress.pack({ page })),
    [entryButton(visit, rulesEntry), menuButton(visit)],
  ];
}

/** Why an event gave points or did not: each rule with its outcome, and the parts of its condition. */
export function explanationHtml(
  visit: Visit,
  { event, rules_on, rules }: OutputOf<typeof ExplainRuleEvent>,
  timezone: string,
): string {
  const facts = Object.entries(event.facts).map(([name, value]) => `${name} = ${String(value)}`);
  // Those that were looked at come first; a message has an end.
  const looked = [
    ...rules.filter(({ outcome }) => outcome !== null),
    ...rules.filter(({ outcome }) => outcome === null),
  ];
  const lines = looked.slice(0, rulesExplainedAtMost).flatMap((rule) => reasonLines(visit, rule));
  const more = looked.length - rulesExplainedAtMost;
  if (more > 0) lines.push(visit.html('bot_rules.why.more', { number: formatNumber(visit.locale, more) }));
  return [
    visit.html('bot_rules.why.title', { event: eventText(visit, event.event_type), user: event.user_id }),
    escapeHtml(formatShortDateTime(visit.locale, event.occurred_at, timezone)),
    ...(facts.length > 0 ? [`<code>${escapeHtml(facts.join(', '))}</code>`] : []),
    ...(rules_on ? [] : ['', visit.html('bot_rules.why.stopped')]),
    '',
    ...(lines.length > 0 ? lines : [visit.html('bot_rules.why.none')]),
  ].join('\n');
}

function reasonLines(visit: Visit, { title, outcome, points, parts }: Explained): string[] {
  const why = outcome === null ? visit.text('bot_rules.why.off') : visit.text(`bot_rules.outcomes.${outcome}`);
  const worth = points > 0 ? `: +${pointsText(visit, points)}` : '';
  return [
    `${outcome === 'rewarded' ? '🎁' : '·'} <b>${escapeHtml(title[visit.locale])}</b> — ${escapeHtml(why + worth)}`,
    ...parts
      .slice(0, partsAtMost)
      .map(({ part, holds }) => `   ${holds ? '✓' : '✗'} <code>${escapeHtml(part.slice(0, partAtMost))}</code>`),
  ];
}

export function askToRemoveButtons(visit: Visit, id: number): ButtonRows {
  return [[button(visit.text('bot_rules.buttons.yes_remove'), ruleRemovePress.pack({ id }))], ...backToRule(visit, id)];
}

export function backToRule(visit: Visit, id: number): ButtonRows {
  return [[button(visit.text('bot_rules.buttons.back'), rulePress.pack({ id })), menuButton(visit)]];
}

export function backToRules(visit: Visit): ButtonRows {
  return [[entryButton(visit, rulesEntry), menuButton(visit)]];
}

/** An event's name in words, where it has some. */
function eventText(visit: Visit, eventType: string): string {
  return visit.lookup(`bot_rules.events.${eventType.replaceAll('.', '_')}`) ?? eventType;
}
