import type { CreateSystemCodes, ListSystemCodes, OutputOf } from '#contracts';
import { formatDateTime, formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { codeListPress, codeNewPress, codePress, codesEntry, codeSwitchPress } from './admin-code.keyboard.js';
import { daysText } from './amount.view.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';

/** Telegram lets at most a hundred things in a message be tapped, and more than this nobody copies one by one. */
const shownAtMost = 50;

type Made = OutputOf<typeof CreateSystemCodes>;
type Codes = OutputOf<typeof ListSystemCodes>;
type Code = Codes['items'][number];

/** What an admin wants codes to be. Neither plan nor days: a trial. */
export interface CodeWish {
  readonly plan?: string | undefined;
  readonly days?: number | undefined;
  readonly count: number;
  readonly max_uses: number | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
}

type CodeState = 'off' | 'ended' | 'used_up' | 'not_yet' | 'on';
const signs: Record<CodeState, string> = { off: '⚪', ended: '⌛', used_up: '✔️', not_yet: '🕒', on: '🟢' };

/** What a code is at this time; the first that applies is what hinders it. */
function stateOf({ enabled, uses, max_uses, valid_from, valid_until }: Code, now: string): CodeState {
  if (!enabled) return 'off';
  if (valid_until !== null && valid_until <= now) return 'ended';
  if (max_uses !== null && uses >= max_uses) return 'used_up';
  return valid_from !== null && valid_from > now ? 'not_yet' : 'on';
}

export function codesHtml(visit: Visit, { page, page_size, total }: Codes): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('bot_codes.title'),
    '',
    total > 0 ? visit.html('bot_codes.choose') : visit.html('bot_codes.none'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function codesButtons(visit: Visit, codes: Codes, now: string): ButtonRows {
  const open = codes.items.map((code) => [
    button(
      `${signs[stateOf(code, now)]} ${code.code} · ${kindText(visit, code)} · ${usesText(visit, code)}`,
      codePress.pack({ id: code.id, page: codes.page }),
    ),
  ]);
  return [
    ...open,
    ...turningRows(visit, codes, (page) => codeListPress.pack({ page })),
    [button(visit.text('bot_codes.buttons.new'), codeNewPress.pack({}))],
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

export function codeHtml(visit: Visit, code: Code, { now, timezone }: { now: string; timezone: string }): string {
  const time = (at: string): string => formatDateTime(visit.locale, at, timezone);
  const state = stateOf(code, now);
  return [
    visit.html('bot_codes.card.title', { code: code.code }),
    `${signs[state]} ${visit.html(`bot_codes.states.${state}`)}`,
    '',
    visit.html('bot_codes.card.gives', { what: kindText(visit, code) }),
    visit.html('bot_codes.card.uses', { uses: usesText(visit, code) }),
    ...(code.valid_from === null ? [] : [visit.html('bot_codes.card.from', { time: time(code.valid_from) })]),
    code.valid_until === null
      ? visit.html('bot_codes.card.no_end')
      : visit.html('bot_codes.card.until', { time: time(code.valid_until) }),
    ...(code.batch === null ? [] : [visit.html('bot_codes.card.batch', { batch: code.batch })]),
    visit.html('bot_codes.card.made', { time: time(code.created_at) }),
  ].join('\n');
}

export function codeButtons(visit: Visit, { id, enabled }: Code, page: number): ButtonRows {
  const turn = enabled
    ? button(visit.text('bot_codes.buttons.off'), codeSwitchPress.pack({ id, page, on: '0' }))
    : button(visit.text('bot_codes.buttons.on'), codeSwitchPress.pack({ id, page, on: '1' }));
  return [[turn], [button(visit.text('bot_codes.buttons.back'), codeListPress.pack({ page })), menuButton(visit)]];
}

/** What will be made, to be confirmed. */
export function wishHtml(visit: Visit, wish: CodeWish, timezone: string): string {
  const time = (at: string): string => formatDateTime(visit.locale, at, timezone);
  const { plan, days, count, max_uses, valid_from, valid_until } = wish;
  const what = plan === undefined && days === undefined ? visit.text('bot_codes.trial') : planText(visit, plan, days);
  return [
    visit.html('bot_codes.preview.title', { count, amount: formatNumber(visit.locale, count) }),
    '',
    visit.html('bot_codes.card.gives', { what }),
    max_uses === null
      ? visit.html('bot_codes.preview.any_uses')
      : visit.html('bot_codes.preview.uses', { count: max_uses, amount: formatNumber(visit.locale, max_uses) }),
    ...(valid_from === null ? [] : [visit.html('bot_codes.card.from', { time: time(valid_from) })]),
    valid_until === null
      ? visit.html('bot_codes.card.no_end')
      : visit.html('bot_codes.card.until', { time: time(valid_until) }),
  ].join('\n');
}

/** The codes, to be copied and handed out; where they are many, that they are in a file. */
export function madeHtml(visit: Visit, { items }: Made): string {
  const count = items.length;
  const amount = formatNumber(visit.locale, count);
  if (count > shownAtMost) return visit.html('bot_codes.made_file', { count, amount });
  const codes = items.map(({ code }) => `<code>${code}</code>`).join('\n');
  return `${visit.html('bot_codes.made', { count, amount })}\n\n${codes}`;
}

/** Many codes as a text, one in each line; null when they fit into a message. */
export function codesFile({ items }: Made): Buffer | null {
  return items.length > shownAtMost ? Buffer.from(items.map(({ code }) => `${code}\n`).join('')) : null;
}

export function onwardRows(visit: Visit): ButtonRows {
  return [[entryButton(visit, codesEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
}

/** A plan in the admin's language where the catalogue has a name for it. */
export function planText(visit: Visit, plan: string | undefined, days: number | null | undefined): string {
  const named = plan === undefined ? undefined : visit.lookup(`bot_admin.plans.${plan}`);
  if (named !== undefined) return named;
  const length = days === null || days === undefined ? undefined : daysText(visit, days);
  if (plan === undefined || plan.startsWith('custom_')) return length ?? plan ?? '';
  return length === undefined ? plan : `${plan} (${length})`;
}

function kindText(visit: Visit, { kind, plan, days }: Code): string {
  if (kind !== 'system_trial') return planText(visit, plan, days);
  return visit.text('bot_codes.trial');
}

function usesText(visit: Visit, { uses, max_uses }: Code): string {
  const most = max_uses === null ? '∞' : formatNumber(visit.locale, max_uses);
  return `${formatNumber(visit.locale, uses)}/${most}`;
}
