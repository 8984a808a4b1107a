import type { SqlValue, Tx } from '#database';
import { forgetHandled } from '#messaging';
import { handledKeptMs } from '../inbox.keeper.js';
import { conditionOf, type PersonalData, type PersonalTable } from './personal.data.js';

const repliesPerStep = 500;
const stepsAtMost = 200;

/** Erases what the service keeps about a member, or makes it anonymous; returns how many rows. Doing it again does nothing. */
export async function erasePersonalData(tx: Tx, tables: PersonalData, userId: number, now: Date): Promise<number> {
  let rows = 0;
  for (const table of tables) rows += await eraseRows(tx, table, userId);
  // At this age handled messages are forgotten anyway: their replies may tell of the member.
  const before = new Date(now.getTime() - handledKeptMs);
  for (let step = 0; step < stepsAtMost; step += 1) {
    if ((await forgetHandled(tx, before, repliesPerStep)) < repliesPerStep) break;
  }
  return rows;
}

async function eraseRows(tx: Tx, table: PersonalTable, userId: number): Promise<number> {
  const { onErasure } = table;
  if (onErasure === 'keep') return 0;
  const where = conditionOf(table);
  if (onErasure === 'erase') return (await tx.execute(`DELETE FROM ${table.table} WHERE ${where}`, [userId])).affected;
  const columns = Object.keys(onErasure);
  const values = columns.map((column) => onErasure[column] as SqlValue);
  const set = columns.map((column) => `${column} = ?`).join(', ');
  return (await tx.execute(`UPDATE ${table.table} SET ${set} WHERE ${where}`, [...values, userId])).affected;
}
