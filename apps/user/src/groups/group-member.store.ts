import type { Sighting, SightingSource, Standing } from '#contracts';
import { fromSqlTime, placeholders, sqlTime, type SqlTime, type SqlValue, type Tx } from '#database';
import type { MemberFacts } from './sighting.rules.js';

interface MemberRow {
  telegram_id: string;
  first_name: string;
  username: string | null;
  standing: Standing;
  telegram_status: Sighting['telegram_status'];
  source: SightingSource;
  standing_trust: number;
  standing_at: SqlTime | null;
  standing_order: number;
  first_seen_at: SqlTime;
  last_seen_at: SqlTime;
  sightings: number;
  user_id: number | null;
}

export interface KnownMember {
  readonly telegramId: string;
  /** Null in a row that has just been made. */
  readonly facts: MemberFacts | null;
  readonly userId: number | null;
}

/**
 * Makes the rows that are not there yet, and locks all of them, in one order for everybody. How many is bounded by the caller; `dueAt`
 * says when Telegram is asked about a new one.
 */
export async function lockMembers(
  tx: Tx,
  groupId: number,
  fresh: ReadonlyMap<string, MemberFacts>,
  dueAt: (facts: MemberFacts) => Date,
): Promise<KnownMember[]> {
  const rows = [...fresh]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([id, facts]) => ({ ...rowOf(groupId, id, facts), check_due_at: sqlTime(dueAt(facts)) }));
  await tx.upsert('chat_members', rows, { conflict: ['group_id', 'telegram_id'] });
  return readMembers(tx, groupId, [...fresh.keys()]);
}

export async function readMembers(tx: Tx, groupId: number, ids: readonly string[]): Promise<KnownMember[]> {
  const rows = await tx.query<MemberRow>(
    `SELECT telegram_id, first_name, username, standing, telegram_status, source, standing_trust, standing_at, standing_order,
      first_seen_at, last_seen_at, sightings FROM chat_members
     WHERE group_id = ? AND telegram_id IN (${placeholders(ids.length)}) ORDER BY telegram_id${tx.lock}`,
    [groupId, ...ids],
  );
  const users = await tx.query<{ id: number; telegram_id: string }>(
    `SELECT id, telegram_id FROM users WHERE telegram_id IN (${placeholders(ids.length)})`,
    [...ids],
  );
  const userIds = new Map(users.map(({ id, telegram_id }) => [telegram_id, id]));
  return rows.map((row) => ({
    telegramId: row.telegram_id,
    facts: Number(row.sightings) === 0 ? null : factsOfRow(row),
    userId: userIds.get(row.telegram_id) ?? null,
  }));
}

export async function writeMember(tx: Tx, groupId: number, telegramId: string, facts: MemberFacts): Promise<void> {
  const { group_id: _group, telegram_id: _id, sightings: _count, ...row } = rowOf(groupId, telegramId, facts);
  const keys = Object.keys(row);
  await tx.execute(
    `UPDATE chat_members SET ${keys.map((key) => `${key} = ?`).join(', ')}, sightings = sightings + 1
     WHERE group_id = ? AND telegram_id = ?`,
    [...Object.values(row), groupId, telegramId],
  );
}

function rowOf(groupId: number, telegramId: string, facts: MemberFacts): Record<string, SqlValue> {
  return {
    group_id: groupId,
    telegram_id: telegramId,
    first_name: facts.firstName,
    username: facts.username,
    standing: facts.standing,
    telegram_status: facts.telegramStatus,
    source: facts.source,
    standing_trust: facts.standingTrust,
    standing_at: facts.standingAt === null ? null : sqlTime(new Date(facts.standingAt)),
    standing_order: facts.standingOrder,
    first_seen_at: sqlTime(new Date(facts.firstSeenAt)),
    last_seen_at: sqlTime(new Date(facts.lastSeenAt)),
    sightings: 0,
  };
}

function factsOfRow(row: MemberRow): MemberFacts {
  return {
    standing: row.standing,
    telegramStatus: row.telegram_status,
    source: row.source,
    standingTrust: Number(row.standing_trust),
    standingAt: row.standing_at === null ? null : fromSqlTime(row.standing_at).getTime(),
    standingOrder: Number(row.standing_order),
    firstName: row.first_name,
    username: row.username,
    firstSeenAt: fromSqlTime(row.first_seen_at).getTime(),
    lastSeenAt: fromSqlTime(row.last_seen_at).getTime(),
  };
}
