import { alarmStates, type AlarmState, type ListVelocityAlarms, type OutputOf } from '#contracts';
import { formatNumber, formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { alarmClosePress, alarmListPress, alarmPress, alarmTakePress } from './admin-alarm.keyboard.js';
import { cardButton } from './admin-card.view.js';
import { menuButton, sectionButton, turningRows } from './menu.view.js';

type Alarms = OutputOf<typeof ListVelocityAlarms>;
export type Alarm = Alarms['items'][number];

const signs: Record<AlarmState, string> = { open: '🔴', acknowledged: '👀', resolved: '✅' };

export function alarmsHtml(visit: Visit, { page, page_size, total }: Alarms, state: AlarmState): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('bot_alarms.title'),
    '',
    `${signs[state]} ${visit.html(`bot_alarms.states.${state}`)}: ${formatNumber(visit.locale, total)}`,
    total > 0 ? visit.html('bot_alarms.choose') : visit.html('bot_alarms.none'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function alarmsButtons(visit: Visit, alarms: Alarms, state: AlarmState): ButtonRows {
  const choose = alarmStates.map((one) =>
    button(`${one === state ? '● ' : ''}${signs[one]}`, alarmListPress.pack({ state: one, page: 1 })),
  );
  const { page } = alarms;
  const open = alarms.items.map(({ id, rule_name, user_id }) => {
    const whose = user_id === null ? '' : ` · #${user_id}`;
    return [button(`${signs[state]} ${rule_name}${whose}`, alarmPress.pack({ id, state, page }))];
  });
  return [
    choose,
    ...open,
    ...turningRows(visit, alarms, (wanted) => alarmListPress.pack({ state, page: wanted })),
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

export function alarmHtml(visit: Visit, alarm: Alarm, timezone: string): string {
  const { id, rule_name: rule, state, note, handled_by: by, handled_at } = alarm;
  const time = (at: string): string => formatShortDateTime(visit.locale, at, timezone);
  return [
    visit.html('bot_alarms.card.title', { id, rule }),
    `${signs[state]} ${visit.html(`bot_alarms.states.${state}`)}`,
    '',
    subjectHtml(visit, alarm),
    '',
    visit.html('bot_alarms.card.most'),
    visit.html('oversight.alarm.points', { count: alarm.points }),
    visit.html('oversight.alarm.records', { count: alarm.records }),
    '',
    visit.html('bot_alarms.card.raised', { time: time(alarm.raised_at) }),
    visit.html('bot_alarms.card.last_seen', { time: time(alarm.last_seen_at) }),
    ...(by === null || handled_at === null
      ? []
      : [visit.html('bot_alarms.card.handled', { by: `#${by}`, time: time(handled_at) })]),
    ...(note === null ? [] : [visit.html('bot_alarms.card.note', { note })]),
  ].join('\n');
}

/** Whose points: in the words in which the alarm was told. */
function subjectHtml(visit: Visit, { user_id: id, record_type: type }: Alarm): string {
  if (id !== null) return visit.html('oversight.alarm.member', { id });
  if (type !== null) return visit.html('oversight.alarm.type', { type: visit.text(`bot.records.${type}`) });
  return visit.html('oversight.alarm.everybody');
}

export function alarmButtons(visit: Visit, { id, state, user_id }: Alarm, page: number): ButtonRows {
  const take = button(visit.text('bot_alarms.buttons.take'), alarmTakePress.pack({ id }));
  const close = button(visit.text('bot_alarms.buttons.close'), alarmClosePress.pack({ id }));
  const mayDecide = visit.can('velocity.decide');
  return [
    ...(mayDecide && state === 'open' ? [[take]] : []),
    ...(mayDecide && state !== 'resolved' ? [[close]] : []),
    ...(user_id !== null && visit.can('user.read') ? [[cardButton(visit, user_id)]] : []),
    [button(visit.text('bot_alarms.buttons.back'), alarmListPress.pack({ state, page })), menuButton(visit)],
  ];
}
