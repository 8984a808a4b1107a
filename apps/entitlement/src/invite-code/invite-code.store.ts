import type { OutputOf, CreateMemberCode } from '#contracts';
import {
  fromSqlTimeOrNull,
  isoTime,
  isoTimeOrNull,
  type Reader,
  type SqlTime,
  type SqlValue,
  type Tx,
} from '#database';
import type { InviteCode } from './invite-code.rules.js';

export interface InviteCodeRow {
  id: number;
  code: string;
  kind: InviteCode['kind'];
  plan: string;
  days: number | null;
  max_uses: number | null;
  uses: number;
  valid_from: SqlTime | null;
  valid_until: SqlTime | null;
  enabled: number;
  owner_user_id: number | null;
  batch: string | null;
  created_at: SqlTime;
}

export type InviteCodeView = OutputOf<typeof CreateMemberCode>;

const columns =
  'id, code, kind, plan, days, max_uses, uses, valid_from, valid_until, enabled, owner_user_id, batch, created_at';

function codeOf(row: InviteCodeRow): InviteCode {
  return {
    id: row.id,
    code: row.code,
    kind: row.kind,
    plan: row.plan,
    days: row.days,
    maxUses: row.max_uses,
    uses: row.uses,
    validFrom: fromSqlTimeOrNull(row.valid_from),
    validUntil: fromSqlTimeOrNull(row.valid_until),
    enabled: row.enabled === 1,
    ownerUserId: row.owner_user_id,
  };
}

export function viewOf({ owner_user_id: _owner, ...row }: InviteCodeRow): InviteCodeView {
  return {
    ...row,
    enabled: row.enabled === 1,
    valid_from: isoTimeOrNull(row.valid_from),
    valid_until: isoTimeOrNull(row.valid_until),
    created_at: isoTime(row.created_at),
  };
}

/** A code by its normalised text, without a lock: only to learn whose it is. */
export async function findInviteCode(reader: Reader, code: string): Promise<InviteCode | null> {
  const row = await reader.one<InviteCodeRow>(`SELECT ${columns} FROM invite_codes WHERE code = ?`, [code]);
  return row ? codeOf(row) : null;
}

/** Locks a code, so that its uses are counted one after the other. */
export async function lockInviteCode(tx: Tx, code: string): Promise<InviteCode | null> {
  const row = await tx.one<InviteCodeRow>(`SELECT ${columns} FROM invite_codes WHERE code = ?${tx.lock}`, [code]);
  return row ? codeOf(row) : null;
}

export function lockInviteCodeRow(tx: Tx, id: number): Promise<InviteCodeRow | undefined> {
  return tx.one<InviteCodeRow>(`SELECT ${columns} FROM invite_codes WHERE id = ?${tx.lock}`, [id]);
}

export async function countUse(tx: Tx, id: number): Promise<void> {
  await tx.execute('UPDATE invite_codes SET uses = uses + 1 WHERE id = ?', [id]);
}

/** Whether this member has used the code already; the member's membership must be locked. */
export async function hasUsed(tx: Tx, userId: number, codeId: number): Promise<boolean> {
  const period = await tx.one('SELECT 1 FROM membership_periods WHERE user_id = ? AND invite_code_id = ? LIMIT 1', [
    userId,
    codeId,
  ]);
  return period !== undefined;
}

/** A page of codes that fit `where`, newest first. `where` comes from code, never from input. */
export async function pageOfCodes(
  reader: Reader,
  where: string,
  values: readonly SqlValue[],
  { page, page_size }: { page: number; page_size: number },
): Promise<{ items: InviteCodeView[]; page: number; page_size: number; total: number }> {
  const total = await reader.count(`invite_codes WHERE ${where}`, values);
  const rows = await reader.query<InviteCodeRow>(
    `SELECT ${columns} FROM invite_codes WHERE ${where} ORDER BY id DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
    values,
  );
  return { items: rows.map(viewOf), page, page_size, total };
}
