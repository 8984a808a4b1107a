import type { Activity, LocalizedText } from '#contracts';
import { escapeHtml } from '#i18n';
import { formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import {
  activityCardPress,
  activityJoinPress,
  activityLeavePress,
  activityListPress,
  activityShowPress,
} from './activity.keyboard.js';
import { pointsText } from './amount.view.js';
import { menuButton } from './menu.view.js';

const buttonTextAtMost = 60;
const descriptionAtMost = 1_500;

/** What an activity is, and how the member stands to it. */
export function activityHtml(visit: Visit, activity: Activity, timezone: string, now: Date): string {
  const { capacity, joined, waiting, points, way } = activity;
  const description = inLanguage(visit, activity.description);
  const time = (at: string): string => formatShortDateTime(visit.locale, at, timezone);
  return [
    `<b>${escapeHtml(inLanguage(visit, activity.title))}</b>`,
    '',
    escapeHtml([...description].slice(0, descriptionAtMost).join('')),
    '',
    visit.html('activities.card.when', { from: time(activity.starts_at), until: time(activity.ends_at) }),
    visit.html('activities.card.places', { joined, capacity }),
    ...(waiting > 0 ? [visit.html('activities.card.waiting', { count: waiting })] : []),
    visit.html('activities.card.points', { points: pointsText(visit, points) }),
    visit.html(`activities.ways.${way}`),
    ...statusLines(visit, activity, now),
  ].join('\n');
}

function statusLines(visit: Visit, activity: Activity, now: Date): string[] {
  const { state, participation } = activity;
  const lines: string[] = [];
  if (state === 'closed' || state === 'cancelled') lines.push(visit.html(`activities.states.${state}`));
  else if (hasEnded(activity, now)) lines.push(visit.html('activities.states.ended'));
  else if (isFull(activity) && !hasPlace(activity)) lines.push(visit.html('activities.states.full'));
  if (participation) lines.push(visit.html(`activities.statuses.${participation.status}`));
  if (participation?.status === 'joined' && participation.requested_at !== null)
    lines.push(visit.html('activities.card.asked'));
  if (participation?.status === 'refused' && participation.reason !== null)
    lines.push(visit.html('activities.card.reason', { reason: participation.reason }));
  return lines.length > 0 ? ['', ...lines] : [];
}

/** No place is free and nobody queues up for one. */
function isFull({ joined, capacity, waitlist }: Activity): boolean {
  return joined >= capacity && !waitlist;
}

function hasPlace({ participation }: Activity): boolean {
  return participation !== null && participation.status !== 'left';
}

function hasEnded({ ends_at }: Activity, now: Date): boolean {
  return new Date(ends_at) <= now;
}

export function activityButtons(
  visit: Visit,
  activity: Activity,
  now: Date,
  share: ButtonRows[number][number],
): ButtonRows {
  const { id, state, way, participation } = activity;
  const status = participation?.status;
  const isOpen = state === 'open';
  const hasBegun = new Date(activity.starts_at) <= now;
  const canJoin = isOpen && !hasEnded(activity, now) && !isFull(activity);
  const join = button(visit.text('activities.buttons.join'), activityJoinPress.pack({ id }));
  const leave = button(visit.text('activities.buttons.leave'), activityLeavePress.pack({ id }));
  const show = button(visit.text(`activities.buttons.${way}`), activityShowPress.pack({ id }));
  const actions: ButtonRows = [
    canJoin && (status === undefined || status === 'left') ? [join] : [],
    isOpen && hasBegun && status === 'joined' ? [show] : [],
    isOpen && !hasBegun && (status === 'joined' || status === 'waiting') ? [leave] : [],
  ];
  const back = button(visit.text('activities.buttons.list'), activityListPress.pack({ list: 'current', page: 1 }));
  return [...actions.filter((row) => row.length > 0), [share], [back, menuButton(visit)]];
}

/** A button that opens the card. */
export function activityLine(visit: Visit, activity: Activity, timezone: string): ButtonRows[number] {
  const time = formatShortDateTime(visit.locale, activity.starts_at, timezone);
  const mark = activity.participation && activity.participation.status !== 'left' ? '✅ ' : '';
  const text = [...`${mark}${time} · ${inLanguage(visit, activity.title)}`].slice(0, buttonTextAtMost).join('');
  return [button(text, activityCardPress.pack({ id: activity.id }))];
}

export function inLanguage(visit: Visit, text: LocalizedText): string {
  return text[visit.locale];
}
