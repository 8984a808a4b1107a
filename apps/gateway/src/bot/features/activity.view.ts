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
export function activityHtml(visit: Visit, activity: Activity, timezone: string): string {
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
    ...statusLines(visit, activity),
  ].join('\n');
}

function statusLines(visit: Visit, { state, participation }: Activity): string[] {
  const lines: string[] = [];
  if (state !== 'open' && state !== 'draft') lines.push(visit.html(`activities.states.${state}`));
  if (participation) lines.push(visit.html(`activities.statuses.${participation.status}`));
  if (participation?.status === 'joined' && participation.requested_at !== null)
    lines.push(visit.html('activities.card.asked'));
  if (participation?.status === 'refused' && participation.reason !== null)
    lines.push(visit.html('activities.card.reason', { reason: participation.reason }));
  return lines.length > 0 ? ['', ...lines] : [];
}

export function activityButtons(visit: Visit, { id, state, way, participation }: Activity): ButtonRows {
  const status = participation?.status;
  const isOpen = state === 'open';
  const join = button(visit.text('activities.buttons.join'), activityJoinPress.pack({ id }));
  const leave = button(visit.text('activities.buttons.leave'), activityLeavePress.pack({ id }));
  const show = button(visit.text(`activities.buttons.${way}`), activityShowPress.pack({ id }));
  const actions: ButtonRows = [
    isOpen && (status === undefined || status === 'left') ? [join] : [],
    isOpen && status === 'joined' ? [show] : [],
    isOpen && (status === 'joined' || status === 'waiting') ? [leave] : [],
  ];
  const back = button(visit.text('activities.buttons.list'), activityListPress.pack({ list: 'current', page: 1 }));
  return [...actions.filter((row) => row.length > 0), [back, menuButton(visit)]];
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
