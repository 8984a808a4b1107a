import { fromSqlTime, sqlTime, type SqlTime, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import type { Tally } from './velocity.rules.js';

/** Whom an alarm is about: one is open for them at a time. */
export interface Watched {
  readonly ruleId: number;
  readonly subject: string;
}

export interface OpenAlarm extends Tally {
  readonly id: number;
}

const openKeyOf = ({ ruleId, subject }: Watched): string => `${ruleId}:${subject}`;

/** The open alarm, locked: nobody closes it meanwhile. */
export function lockOpenAlarm(tx: Tx, watched: Watched): Promise<OpenAlarm | undefined> {
  return tx.one<OpenAlarm>(`SELECT id, points, records FROM velocity_alarms WHERE open_key = ?${tx.lock}`, [
    openKeyOf(watched),
  ]);
}

/** When the last alarm was closed; null when none was. Right once the open one is locked. */
export async function lastResolvedAt(tx: Tx, { ruleId, subject }: Watched): Promise<Date | null> {
  const resolved = await tx.one<{ handled_at: SqlTime }>(
    `SELECT handled_at FROM velocity_alarms WHERE rule_id = ? AND subject = ? AND state = 'resolved'
     ORDER BY id DESC LIMIT 1`,
    [ruleId, subject],
  );
  return resolved ? fromSqlTime(resolved.handled_at) : null;
}

/** Returns its id. */
export async function openAlarm({ tx, now }: CommandContext, watched: Watched, tally: Tally): Promise<number> {
  const { insertId } = await tx.insert('velocity_alarms', {
    rule_id: watched.ruleId,
    subject: watched.subject,
    open_key: openKeyOf(watched),
    points: tally.points,
    records: tally.records,
    state: 'open',
    raised_at: sqlTime(now),
    last_seen_at: sqlTime(now),
    handled_by: null,
    handled_at: null,
    note: null,
  });
  return insertId;
}

/** An open alarm keeps the most that was seen. */
export async function noteInAlarm({ tx, now }: CommandContext, open: OpenAlarm, seen: Tally): Promise<void> {
  await tx.execute('UPDATE velocity_alarms SET points = ?, records = ?, last_seen_at = ? WHERE id = ?', [
    Math.max(open.points, seen.points),
    Math.max(open.records, seen.records),
    sqlTime(now),
    open.id,
  ]);
}
