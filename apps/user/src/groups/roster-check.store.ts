import type { GroupChat } from './group.store.js';
import { placeholders, sqlTime, type Reader, type SqlTime, type Tx } from '#database';
import { headOfLine, takenForMs } from './roster-check.rules.js';
import type { MemberFacts } from './sighting.rules.js';

export interface DueGroup extends GroupChat {
  readonly id: number;
  readonly bot_status: string | null;
}

export interface DueRow {
  readonly group_id: number;
  readonly telegram_id: string;
}

/** The rows that are due now, longest first, of these groups or of any. */
export function findDueRows(
  reader: Reader,
  now: Date,
  limit: number,
  groupIds: readonly number[] | null = null,
): Promise<DueRow[]> {
  const among = groupIds === null ? '' : ` AND group_id IN (${placeholders(groupIds.length)})`;
  return reader.query<DueRow>(
    `SELECT group_id, telegram_id FROM chat_members WHERE check_due_at <= ?${among}
     ORDER BY check_due_at, group_id, telegram_id LIMIT ${limit}`,
    [sqlTime(now), ...(groupIds ?? [])],
  );
}

/** Locks groups in one order for everybody: what is read of their rosters next is read by one only. */
export function lockGroups(tx: Tx, ids: readonly number[]): Promise<DueGroup[]> {
  return tx.query<DueGroup>(
    `SELECT id, chat_id, kind, title, username, bot_status FROM chat_groups
     WHERE id IN (${placeholders(ids.length)}) ORDER BY id${tx.lock}`,
    [...ids],
  );
}

/** Sets when these rows are due; how many is bounded by the caller. */
export async function setDue(tx: Tx, groupId: number, telegramIds: readonly string[], dueAt: Date): Promise<void> {
  await tx.executeOnce(
    `UPDATE chat_members SET check_due_at = ? WHERE group_id = ? AND telegram_id IN (${placeholders(telegramIds.length)})`,
    [sqlTime(dueAt), groupId, ...telegramIds],
  );
}

/** Puts a whole roster, without those that are being asked about, to the head of the line; how many these are. */
export async function setGroupDue(tx: Tx, groupId: number, now: Date): Promise<number> {
  const { affected } = await tx.execute(
    'UPDATE chat_members SET check_due_at = ? WHERE group_id = ? AND (check_due_at <= ? OR check_due_at > ?)',
    [sqlTime(headOfLine), groupId, sqlTime(now), sqlTime(new Date(now.getTime() + takenForMs))],
  );
  return affected;
}

/** Notes that Telegram replied without saying where they are, or did not reply. */
export async function noteUnanswered(
  tx: Tx,
  groupId: number,
  telegramIds: readonly string[],
  { result, dueAt, checkedAt }: { result: 'not_known' | 'refused'; dueAt: Date; checkedAt: Date | null },
): Promise<void> {
  if (telegramIds.length === 0) return;
  await tx.executeOnce(
    `UPDATE chat_members SET check_result = ?, check_due_at = ?, checked_at = COALESCE(?, checked_at)
     WHERE group_id = ? AND telegram_id IN (${placeholders(telegramIds.length)})`,
    [result, sqlTime(dueAt), checkedAt === null ? null : sqlTime(checkedAt), groupId, ...telegramIds],
  );
}

/** Notes an answer, and what is known after it. */
export function noteAnswer(
  tx: Tx,
  { groupId, telegramId }: { groupId: number; telegramId: string },
  facts: MemberFacts,
  { checkedAt, dueAt }: { checkedAt: Date; dueAt: Date },
): Promise<void> {
  const standingAt: SqlTime | null = facts.standingAt === null ? null : sqlTime(new Date(facts.standingAt));
  return tx.executeLater(
    `UPDATE chat_members SET first_name = ?, username = ?, standing = ?, telegram_status = ?, source = ?, standing_trust = ?,
      standing_at = ?, standing_order = ?, check_result = 'answered', checked_at = ?, check_due_at = ?
     WHERE group_id = ? AND telegram_id = ?`,
    [
      facts.firstName,
      facts.username,
      facts.standing,
      facts.telegramStatus,
      facts.source,
      facts.standingTrust,
      standingAt,
      facts.standingOrder,
      sqlTime(checkedAt),
      sqlTime(dueAt),
      groupId,
      telegramId,
    ],
  );
}
