import { locales, type Broadcast, type ListGroups, type OutputOf } from '#contracts';
import { formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { activeChoices, isSame, membershipChoices, memberships } from './broadcast-audience.rules.js';
import {
  broadcastAudiencePress,
  broadcastGroupsPress,
  broadcastNarrowPress,
  broadcastPress,
  type AudiencePart,
} from './broadcast.keyboard.js';
import { languageNames } from './language.view.js';

type Group = OutputOf<typeof ListGroups>['items'][number];
type Button = ButtonRows[number][number];

const groupTitleAtMost = 40;

/** Whom it is for, in words. */
export function audienceLines(visit: Visit, broadcast: Broadcast, groupTitle: string | null): string[] {
  const { segment, fallback } = broadcast;
  const choice = membershipChoices.find((name) => isSame(memberships[name], segment.membership));
  const who =
    choice === undefined
      ? (segment.membership ?? []).map((state) => visit.text(`broadcasts.states.${state}`)).join(', ')
      : visit.text(`broadcasts.membership.${choice}`);
  const { active_within_days: days } = segment;
  return [
    visit.html('broadcasts.card.audience', { who }),
    ...(days === undefined ? [] : [visit.html('broadcasts.card.active', { count: days, amount: String(days) })]),
    ...(segment.locales === undefined
      ? []
      : [
          visit.html('broadcasts.card.speak', {
            languages: segment.locales.map((locale) => languageNames[locale]).join(', '),
          }),
        ]),
    ...(segment.group_id === undefined
      ? []
      : [visit.html('broadcasts.card.group', { title: groupTitle ?? `#${segment.group_id}` })]),
    fallback === null
      ? visit.html('broadcasts.card.no_fallback')
      : visit.html('broadcasts.card.fallback', { language: languageNames[fallback] }),
  ];
}

/** One row for each way to narrow it; what holds now is marked. */
export function audienceButtons(visit: Visit, { id, segment, fallback, texts }: Broadcast): ButtonRows {
  const choose = (part: AudiencePart, value: string, label: string, isChosen: boolean): Button =>
    button(isChosen ? `● ${label}` : label, broadcastNarrowPress.pack({ id, part, value }));
  const membership = membershipChoices.map((name) =>
    choose(
      'membership',
      name,
      visit.text(`broadcasts.membership.${name}`),
      isSame(memberships[name], segment.membership),
    ),
  );
  const active = activeChoices.map((days) => {
    const label =
      days === 0
        ? visit.text('broadcasts.any_activity')
        : visit.text('broadcasts.active_days', { count: days, amount: formatNumber(visit.locale, days) });
    return choose('active', String(days), label, (segment.active_within_days ?? 0) === days);
  });
  const language = [
    choose('language', 'all', visit.text('broadcasts.all_languages'), segment.locales === undefined),
    ...locales.map((locale) => choose('language', locale, languageNames[locale], isSame([locale], segment.locales))),
  ];
  const others = [
    choose('fallback', 'none', visit.text('broadcasts.left_out'), fallback === null),
    ...locales
      .filter((locale) => texts[locale] !== undefined)
      .map((locale) => choose('fallback', locale, `↪️ ${languageNames[locale]}`, fallback === locale)),
  ];
  const group = button(visit.text('broadcasts.buttons.group'), broadcastGroupsPress.pack({ id }));
  const back = button(visit.text('broadcasts.buttons.back'), broadcastPress.pack({ id }));
  return [membership.slice(0, 3), membership.slice(3), active, language, others, [group], [back]];
}

export function groupButtons(visit: Visit, id: number, groups: readonly Group[]): ButtonRows {
  const choose = (value: string, label: string): Button =>
    button(label, broadcastNarrowPress.pack({ id, part: 'group', value }));
  return [
    [choose('0', visit.text('broadcasts.any_group'))],
    ...groups.map(({ id: groupId, title }) => [
      choose(String(groupId), `👥 ${[...title].slice(0, groupTitleAtMost).join('')}`),
    ]),
    [button(visit.text('broadcasts.buttons.audience'), broadcastAudiencePress.pack({ id }))],
  ];
}
