import { Controller } from '@nestjs/common';
import {
  AppError,
  GetActivity,
  GetAdminActivity,
  ListActivities,
  ListAdminActivities,
  ListParticipants,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { placeholders, sqlTime, type Reader, type SqlValue } from '#database';
import { HandleQuery, requirePermission, requireUser, type QueryContext } from '#messaging';
import {
  adminViewOf,
  findParticipant,
  memberViewOf,
  participantColumns,
  participationOf,
  type ActivityRow,
  type ParticipantRow,
} from './activity.store.js';

interface Filter {
  readonly where: string;
  readonly values: readonly SqlValue[];
  readonly order: string;
}

/** Activities and participants to look at (P-05). */
@Controller()
export class ActivityQueryService {
  @HandleQuery(ListActivities)
  async list(
    input: HandledInputOf<typeof ListActivities>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof ListActivities>> {
    const userId = requireUser(call);
    const { rows, total } = await pageOf(reader, filterOf(input.list, userId, now), input);
    const mine = await participationsOf(reader, userId, rows);
    const items = rows.map((row) => memberViewOf(row, mine.get(row.id)));
    return { items, page: input.page, page_size: input.page_size, total };
  }

  @HandleQuery(GetActivity)
  async get(
    { id }: HandledInputOf<typeof GetActivity>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetActivity>> {
    const userId = requireUser(call);
    const row = await findActivity(reader, id);
    if (row.state === 'draft') throw new AppError('activity.not_found');
    return memberViewOf(row, await findParticipant(reader, id, userId));
  }

  @HandleQuery(ListAdminActivities)
  async listAll(
    input: HandledInputOf<typeof ListAdminActivities>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListAdminActivities>> {
    requirePermission(call, 'activity.read');
    const { state } = input;
    const filter = { where: state ? 'state = ?' : '1 = 1', values: state ? [state] : [], order: 'id DESC' };
    const { rows, total } = await pageOf(reader, filter, input);
    return { items: rows.map(adminViewOf), page: input.page, page_size: input.page_size, total };
  }

  @HandleQuery(GetAdminActivity)
  async getWhole(
    { id }: HandledInputOf<typeof GetAdminActivity>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetAdminActivity>> {
    requirePermission(call, 'activity.read');
    return adminViewOf(await findActivity(reader, id));
  }

  @HandleQuery(ListParticipants)
  async participants(
    { id, status, page, page_size }: HandledInputOf<typeof ListParticipants>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListParticipants>> {
    requirePermission(call, 'activity.read');
    await findActivity(reader, id);
    const where = `activity_id = ?${status ? ' AND status = ?' : ''}`;
    const values = status ? [id, status] : [id];
    const total = await reader.count(`activity_participants WHERE ${where}`, values);
    const rows = await reader.query<ParticipantRow>(
      `SELECT ${participantColumns} FROM activity_participants WHERE ${where}
       ORDER BY joined_at, user_id LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      values,
    );
    const items = rows.flatMap((row) => {
      const participation = participationOf(row);
      return participation ? [{ ...participation, user_id: row.user_id, note: row.note }] : [];
    });
    return { items, page, page_size, total };
  }
}

function filterOf(list: HandledInputOf<typeof ListActivities>['list'], userId: number, now: Date): Filter {
  switch (list) {
    case 'current':
      return { where: "state IN ('open', 'closed') AND ends_at > ?", values: [sqlTime(now)], order: 'starts_at, id' };
    case 'past':
      return {
        where: "state IN ('open', 'closed') AND ends_at <= ?",
        values: [sqlTime(now)],
        order: 'ends_at DESC, id DESC',
      };
    case 'mine':
      return {
        where: `state <> 'draft' AND id IN
          (SELECT activity_id FROM activity_participants WHERE user_id = ? AND status <> 'left')`,
        values: [userId],
        order: 'starts_at DESC, id DESC',
      };
  }
}

async function pageOf(
  reader: Reader,
  { where, values, order }: Filter,
  { page, page_size }: { page: number; page_size: number },
): Promise<{ rows: ActivityRow[]; total: number }> {
  const total = await reader.count(`activities WHERE ${where}`, values);
  const rows = await reader.query<ActivityRow>(
    `SELECT * FROM activities WHERE ${where} ORDER BY ${order} LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    values,
  );
  return { rows, total };
}

async function participationsOf(
  reader: Reader,
  userId: number,
  activities: readonly ActivityRow[],
): Promise<Map<number, ParticipantRow>> {
  if (activities.length === 0) return new Map();
  const rows = await reader.query<ParticipantRow & { activity_id: number }>(
    `SELECT activity_id, ${participantColumns} FROM activity_participants
     WHERE user_id = ? AND activity_id IN (${placeholders(activities.length)})`,
    [userId, ...activities.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [row.activity_id, row]));
}

async function findActivity(reader: Reader, id: number): Promise<ActivityRow> {
  const row = await reader.one<ActivityRow>('SELECT * FROM activities WHERE id = ?', [id]);
  if (!row) throw new AppError('activity.not_found');
  return row;
}
