import { fromSqlTime, type SqlTime, type Tx } from '#database';
import type { InviteCode } from './invite-code.rules.js';

interface InviteCodeRow {
  id: number;
  kind: InviteCode['kind'];
  days: number;
  max_uses: number | null;
  uses: number;
  valid_from: SqlTime | null;
  valid_until: SqlTime | null;
  enabled: number;
}

/** Locks a code by its normalised text, so that its uses are counted one after the other. */
export async function lockInviteCode(tx: Tx, code: string): Promise<InviteCode | null> {
  const row = await tx.one<InviteCodeRow>(
    `SELECT id, kind, days, max_uses, uses, valid_from, valid_until, enabled FROM invite_codes WHERE code = ?${tx.lock}`,
    [code],
  );
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind,
    days: row.days,
    maxUses: row.max_uses,
    uses: row.uses,
    validFrom: row.valid_from === null ? null : fromSqlTime(row.valid_from),
    validUntil: row.valid_until === null ? null : fromSqlTime(row.valid_until),
    enabled: row.enabled === 1,
  };
}

export async function countUse(tx: Tx, id: number): Promise<void> {
  await tx.execute('UPDATE invite_codes SET uses = uses + 1 WHERE id = ?', [id]);
}
