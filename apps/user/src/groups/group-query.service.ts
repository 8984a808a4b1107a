import { Controller } from '@nestjs/common';
import {
  AppError,
  GetBotReadiness,
  ListGroupMembers,
  ListGroups,
  type HandledInputOf,
  type OutputOf,
  type SightingSource,
  type Standing,
} from '#contracts';
import { isoTime, isoTimeOrNull, placeholders, type Reader, type SqlTime, type SqlValue } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';

type GroupOutput = OutputOf<typeof ListGroups>['items'][number];

interface GroupView {
  id: number;
  chat_id: string;
  kind: GroupOutput['kind'];
  title: string;
  username: string | null;
  bot_status: GroupOutput['bot_status'];
  missing_rights: string;
  bot_status_at: SqlTime | null;
  updated_at: SqlTime;
}

interface MemberView {
  telegram_id: string;
  user_id: number | null;
  first_name: string;
  username: string | null;
  standing: Standing;
  telegram_status: GroupOutput['bot_status'];
  source: SightingSource;
  standing_at: SqlTime | null;
  first_seen_at: SqlTime;
  last_seen_at: SqlTime;
  checked_at: SqlTime | null;
  check_result: OutputOf<typeof ListGroupMembers>['items'][number]['check_result'];
}

const columns = 'id, chat_id, kind, title, username, bot_status, missing_rights, bot_status_at, updated_at';
const groupsReportedAtMost = 500;

/** Groups, rosters, and what the bot lacks (U-12), for admins. */
@Controller()
export class GroupQueryService {
  @HandleQuery(ListGroups)
  async listGroups(
    { page, page_size }: HandledInputOf<typeof ListGroups>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListGroups>> {
    requirePermission(call, 'group.read');
    const total = await reader.count('chat_groups WHERE moved_to IS NULL');
    const groups = await reader.query<GroupView>(
      `SELECT ${columns} FROM chat_groups WHERE moved_to IS NULL ORDER BY id
       LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    );
    const counts = await countMembers(
      reader,
      groups.map(({ id }) => id),
    );
    const items = groups.map(({ missing_rights, bot_status_at, updated_at, ...group }) => ({
      ...group,
      missing_rights: JSON.parse(missing_rights) as string[],
      bot_checked_at: isoTimeOrNull(bot_status_at),
      members: { in: 0, out: 0, unknown: 0, ...counts.get(group.id) },
      updated_at: isoTime(updated_at),
    }));
    return { items, page, page_size, total };
  }

  @HandleQuery(ListGroupMembers)
  async listMembers(
    input: HandledInputOf<typeof ListGroupMembers>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListGroupMembers>> {
    requirePermission(call, 'group.read');
    const group = await reader.one('SELECT id FROM chat_groups WHERE id = ? AND moved_to IS NULL', [input.group_id]);
    if (!group) throw new AppError('group.not_found');
    const { from, values } = memberFilter(input);
    const total = await reader.count(from, values);
    const rows = await reader.query<MemberView>(
      `SELECT m.telegram_id, u.id AS user_id, m.first_name, m.username, m.standing, m.telegram_status, m.source, m.standing_at,
        m.first_seen_at, m.last_seen_at, m.checked_at, m.check_result FROM ${from} ORDER BY m.last_seen_at DESC, m.telegram_id
       LIMIT ${input.page_size} OFFSET ${(input.page - 1) * input.page_size}`,
      values,
    );
    const items = rows.map(({ standing_at, first_seen_at, last_seen_at, checked_at, ...row }) => ({
      ...row,
      standing_since: isoTimeOrNull(standing_at),
      first_seen_at: isoTime(first_seen_at),
      last_seen_at: isoTime(last_seen_at),
      checked_at: isoTimeOrNull(checked_at),
    }));
    return { items, page: input.page, page_size: input.page_size, total };
  }

  @HandleQuery(GetBotReadiness)
  async getReadiness(
    _input: HandledInputOf<typeof GetBotReadiness>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetBotReadiness>> {
    requirePermission(call, 'group.read');
    const check = await reader.one<{ mode: 'webhook' | 'polling'; missing: string; checked_at: SqlTime }>(
      "SELECT mode, missing, checked_at FROM update_checks WHERE name = 'telegram' AND mode <> ''",
    );
    const rows = await reader.query<GroupView>(
      `SELECT ${columns} FROM chat_groups WHERE moved_to IS NULL AND (bot_status IS NULL OR bot_status NOT IN ('left', 'kicked'))
       ORDER BY id LIMIT ${groupsReportedAtMost}`,
    );
    const updates = check
      ? { mode: check.mode, missing: JSON.parse(check.missing) as string[], checked_at: isoTime(check.checked_at) }
      : null;
    const groups = rows.map(({ id, chat_id, title, bot_status, missing_rights, bot_status_at }) => ({
      id,
      chat_id,
      title,
      bot_status,
      missing_rights: JSON.parse(missing_rights) as string[],
      checked_at: isoTimeOrNull(bot_status_at),
    }));
    const ready =
      updates?.missing.length === 0 &&
      groups.every(({ bot_status, missing_rights }) => bot_status !== null && missing_rights.length === 0);
    return { ready, updates, groups };
  }
}

async function countMembers(
  reader: Reader,
  groupIds: readonly number[],
): Promise<Map<number, Partial<Record<Standing, number>>>> {
  const counts = new Map<number, Partial<Record<Standing, number>>>();
  if (groupIds.length === 0) return counts;
  const rows = await reader.query<{ group_id: number; standing: Standing; total: number | string }>(
    `SELECT group_id, standing, COUNT(*) AS total FROM chat_members WHERE group_id IN (${placeholders(groupIds.length)})
     GROUP BY group_id, standing`,
    groupIds,
  );
  for (const { group_id, standing, total } of rows) {
    counts.set(group_id, { ...counts.get(group_id), [standing]: Number(total) });
  }
  return counts;
}

function memberFilter(input: HandledInputOf<typeof ListGroupMembers>): { from: string; values: SqlValue[] } {
  const conditions = ['m.group_id = ?'];
  const values: SqlValue[] = [input.group_id];
  if (input.standing !== undefined) {
    conditions.push('m.standing = ?');
    values.push(input.standing);
  }
  if (input.source !== undefined) {
    conditions.push('m.source = ?');
    values.push(input.source);
  }
  if (input.known !== undefined) conditions.push(`u.id IS ${input.known ? 'NOT NULL' : 'NULL'}`);
  const from = `chat_members m LEFT JOIN users u ON u.telegram_id = m.telegram_id WHERE ${conditions.join(' AND ')}`;
  return { from, values };
}
