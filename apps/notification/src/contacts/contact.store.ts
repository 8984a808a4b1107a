import type { Tx } from '#database';
import { isErased } from '#service';

/** Locks the member's row, making it where it does not exist yet; false for who is erased: nothing brings them back (U-15). */
export async function ensureContact(tx: Tx, userId: number): Promise<boolean> {
  if (await isErased(tx, userId)) return false;
  await tx.upsert('contacts', { user_id: userId }, { conflict: ['user_id'] });
  return true;
}
