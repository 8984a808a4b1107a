import {
  AppError,
  type Activity,
  type ActivityState,
  type ActivityWay,
  type AdminActivity,
  type LocalizedText,
  type Participation,
  type ParticipationState,
} from '#contracts';
import { fromSqlTime, fromSqlTimeOrNull, isoTime, isoTimeOrNull, type Reader, type SqlTime, type Tx } from '#database';
import type { ActivityPlan } from './activity.rules.js';

export interface ActivityRow {
  id: number;
  title: string;
  description: string;
  starts_at: SqlTime;
  ends_at: SqlTime;
  registration_opens_at: SqlTime | null;
  registration_closes_at: SqlTime | null;
  capacity: number;
  points: number;
  way: ActivityWay;
  code: string | null;
  latitude: number | null;
  longitude: number | null;
  radius_m: number | null;
  waitlist: number;
  state: ActivityState;
  joined: number;
  waiting: number;
  created_by: number | null;
  created_at: SqlTime;
  updated_at: SqlTime;
}

export interface ParticipantRow {
  user_id: number;
  status: ParticipationState;
  joined_at: SqlTime;
  requested_at: SqlTime | null;
  note: string | null;
  completed_at: SqlTime | null;
  points: number | null;
  reason: string | null;
  wrong_tries: number;
  tries_until: SqlTime | null;
}

export const participantColumns =
  'user_id, status, joined_at, requested_at, note, completed_at, points, reason, wrong_tries, tries_until';

/** The activity, locked until the end of the transaction. @throws AppError activity.not_found */
export async function lockActivity(tx: Tx, id: number): Promise<ActivityRow> {
  const row = await tx.one<ActivityRow>(`SELECT * FROM activities WHERE id = ?${tx.lock}`, [id]);
  if (!row) throw new AppError('activity.not_found');
  return row;
}

/** The same as members may know of it: a draft does not exist for them. */
export async function lockPublicActivity(tx: Tx, id: number): Promise<ActivityRow> {
  const row = await lockActivity(tx, id);
  if (row.state === 'draft') throw new AppError('activity.not_found');
  return row;
}

/** Needs no lock of its own: whoever writes participants holds the activity's. */
export function findParticipant(
  reader: Reader,
  activityId: number,
  userId: number,
): Promise<ParticipantRow | undefined> {
  return reader.one<ParticipantRow>(
    `SELECT ${participantColumns} FROM activity_participants WHERE activity_id = ? AND user_id = ?`,
    [activityId, userId],
  );
}

export function planOf(row: ActivityRow): ActivityPlan {
  return {
    startsAt: fromSqlTime(row.starts_at),
    endsAt: fromSqlTime(row.ends_at),
    registrationOpensAt: fromSqlTimeOrNull(row.registration_opens_at),
    registrationClosesAt: fromSqlTimeOrNull(row.registration_closes_at),
    capacity: row.capacity,
    way: row.way,
    code: row.code,
    latitude: row.latitude,
    longitude: row.longitude,
    radiusM: row.radius_m,
  };
}

export function titleOf(row: { title: string }): LocalizedText {
  return JSON.parse(row.title) as LocalizedText;
}

/** What events say about which activity it was. */
export function factOf(row: ActivityRow): { activity_id: number; title: LocalizedText } {
  return { activity_id: row.id, title: titleOf(row) };
}

export function participationOf(row: ParticipantRow | undefined): Participation | null {
  if (!row) return null;
  return {
    status: row.status,
    joined_at: isoTime(row.joined_at),
    requested_at: isoTimeOrNull(row.requested_at),
    completed_at: isoTimeOrNull(row.completed_at),
    points: row.points,
    reason: row.reason,
  };
}

function publicFieldsOf(row: ActivityRow): Omit<Activity, 'participation'> {
  return {
    id: row.id,
    title: titleOf(row),
    description: JSON.parse(row.description) as LocalizedText,
    starts_at: isoTime(row.starts_at),
    ends_at: isoTime(row.ends_at),
    registration_opens_at: isoTimeOrNull(row.registration_opens_at),
    registration_closes_at: isoTimeOrNull(row.registration_closes_at),
    capacity: row.capacity,
    points: row.points,
    way: row.way,
    latitude: row.latitude,
    longitude: row.longitude,
    radius_m: row.radius_m,
    waitlist: row.waitlist === 1,
    state: row.state,
    joined: row.joined,
    waiting: row.waiting,
  };
}

export function memberViewOf(row: ActivityRow, participant: ParticipantRow | undefined): Activity {
  return { ...publicFieldsOf(row), participation: participationOf(participant) };
}

export function adminViewOf(row: ActivityRow): AdminActivity {
  return {
    ...publicFieldsOf(row),
    code: row.code,
    created_by: row.created_by,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  };
}
