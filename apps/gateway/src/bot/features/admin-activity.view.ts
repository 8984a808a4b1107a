import type {
  AdminActivity,
  ActivityState,
  ListAdminActivities,
  ListParticipants,
  OutputOf,
  Profile,
} from '#contracts';
import { escapeHtml } from '#i18n';
import { formatShortDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { memberLine } from './admin-card.view.js';
import { pointsText } from './amount.view.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';
import {
  adminActivitiesEntry,
  adminActivityCancelPress,
  adminActivityListPress,
  adminActivityPress,
  adminActivityStatePress,
  participantApprovePress,
  participantRefusePress,
  participantsPress,
} from './review.keyboard.js';

type Activities = OutputOf<typeof ListAdminActivities>;
type Participants = OutputOf<typeof ListParticipants>;
type Button = ButtonRows[number][number];

const signs: Record<ActivityState, string> = { draft: '✏️', open: '🟢', closed: '🔒', cancelled: '🚫' };
const buttonTextAtMost = 50;

export function activitiesHtml(visit: Visit, { total }: Activities, docs: string): string {
  const html = total > 0 ? visit.html('bot_review.activities.choose') : visit.html('bot_review.activities.none');
  const made = visit.can('activity.manage') ? ['', visit.html('bot_admin.written_over_rest', { docs })] : [];
  return [visit.html('bot_review.activities.title'), '', html, ...made].join('\n');
}

export function activitiesButtons(visit: Visit, activities: Activities): ButtonRows {
  const open = activities.items.map(({ id, title, state }) => [
    button(
      [...`${signs[state]} ${title[visit.locale]}`].slice(0, buttonTextAtMost).join(''),
      adminActivityPress.pack({ id }),
    ),
  ]);
  return [
    ...open,
    ...turningRows(visit, activities, (page) => adminActivityListPress.pack({ page })),
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

export function adminActivityHtml(visit: Visit, activity: AdminActivity, timezone: string, link: string): string {
  const { title, state, starts_at, ends_at, joined, capacity, waiting, points, way, code } = activity;
  const time = (at: string): string => formatShortDateTime(visit.locale, at, timezone);
  return [
    `<b>${escapeHtml(title[visit.locale])}</b>`,
    `${signs[state]} ${visit.html(`bot_review.activities.states.${state}`)}`,
    '',
    visit.html('activities.card.when', { from: time(starts_at), until: time(ends_at) }),
    visit.html('activities.card.places', { joined, capacity }),
    ...(waiting > 0 ? [visit.html('activities.card.waiting', { count: waiting })] : []),
    visit.html('activities.card.points', { points: pointsText(visit, points) }),
    visit.html(`activities.ways.${way}`),
    ...(code === null ? [] : [visit.html('bot_review.activities.code', { code })]),
    visit.html('activities.card.link', { link }),
  ].join('\n');
}

export function adminActivityButtons(visit: Visit, { id, state }: AdminActivity): ButtonRows {
  const open = button(visit.text('bot_review.buttons.open'), adminActivityStatePress.pack({ id, state: 'open' }));
  const close = button(visit.text('bot_review.buttons.close'), adminActivityStatePress.pack({ id, state: 'closed' }));
  const cancel = button(visit.text('bot_review.buttons.cancel_activity'), adminActivityCancelPress.pack({ id }));
  const people = button(visit.text('bot_review.buttons.participants'), participantsPress.pack({ id, page: 1 }));
  return [
    ...(state === 'draft' ? [] : [[people]]),
    ...(state === 'cancelled' || !visit.can('activity.manage') ? [] : [[state === 'open' ? close : open, cancel]]),
    [entryButton(visit, adminActivitiesEntry), menuButton(visit)],
  ];
}

export interface Participant {
  readonly person: Participants['items'][number];
  readonly profile: Profile | null;
}

/** Who has a place and has not been decided about, with what they say of their part in it. */
export function participantsHtml(visit: Visit, activity: AdminActivity, people: readonly Participant[]): string {
  const lines = people.map(({ person, profile }) => {
    const member = profile ? memberLine(profile) : `#${person.user_id}`;
    if (person.requested_at === null) return visit.html('bot_review.people.silent', { member });
    return person.note === null
      ? visit.html('bot_review.people.asked', { member })
      : visit.html('bot_review.people.asked_with_note', { member, note: person.note });
  });
  return [
    visit.html('bot_review.people.title', { title: activity.title[visit.locale] }),
    '',
    ...(lines.length > 0 ? lines : [visit.html('bot_review.people.none')]),
  ].join('\n');
}

export function participantsButtons(visit: Visit, id: number, participants: Participants): ButtonRows {
  const decidable = visit.can('participation.decide') ? participants.items : [];
  const decide = decidable.map(({ user_id: user }) => [
    button(visit.text('bot_review.buttons.confirm_one', { user }), participantApprovePress.pack({ id, user })),
    button(visit.text('bot_review.buttons.refuse_one', { user }), participantRefusePress.pack({ id, user })),
  ]);
  return [
    ...decide,
    ...turningRows(visit, participants, (page) => participantsPress.pack({ id, page })),
    [backToActivity(visit, id), menuButton(visit)],
  ];
}

export function backToActivity(visit: Visit, id: number): Button {
  return button(visit.text('bot_review.buttons.activity'), adminActivityPress.pack({ id }));
}
