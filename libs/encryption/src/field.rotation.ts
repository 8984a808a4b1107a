import type { Tx } from '#database';
import { UnreadableFieldError, type FieldCipher } from './field.cipher.js';

/** A column of encrypted fields; `key` is the table's primary key, which is the row in the field's place. Names come from code. */
export interface EncryptedColumn {
  readonly table: string;
  readonly key: string;
  readonly column: string;
}

export interface RotatedPage {
  /** Fields written anew with the newest key. */
  readonly rewritten: number;
  /** Fields that no key reads; they stay as they are. */
  readonly unreadable: number;
  /** Where the next page begins; null when this one was the last. */
  readonly next: string | number | null;
}

/** Writes a page of fields anew that an older key wrote. The rows are locked meanwhile; the others are in nobody's way. */
export async function rotatePage(
  tx: Tx,
  cipher: FieldCipher,
  { table, key, column }: EncryptedColumn,
  page: { after: string | number | null; limit: number },
): Promise<RotatedPage> {
  const beyond = page.after === null ? '' : `AND ${key} > ?`;
  const rows = await tx.query<{ id: string | number; field: string }>(
    `SELECT ${key} AS id, ${column} AS field FROM ${table} WHERE ${column} IS NOT NULL AND ${column} NOT LIKE ? ${beyond}
     ORDER BY ${key} LIMIT ${Math.trunc(page.limit)}${tx.lock}`,
    [`${cipher.currentPrefix}%`, ...(page.after === null ? [] : [page.after])],
  );
  let rewritten = 0;
  for (const { id, field } of rows) {
    const place = { table, column, row: id };
    const plain = readOrNull(() => cipher.decrypt(field, place));
    if (plain === null) continue;
    await tx.execute(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`, [cipher.encrypt(plain, place), id]);
    rewritten += 1;
  }
  const last = rows.at(-1);
  const next = last && rows.length >= page.limit ? last.id : null;
  return { rewritten, unreadable: rows.length - rewritten, next };
}

function readOrNull(decrypt: () => string): string | null {
  try {
    return decrypt();
  } catch (error) {
    if (error instanceof UnreadableFieldError) return null;
    throw error;
  }
}
