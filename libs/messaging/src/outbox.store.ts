import { placeholders, sqlTime, type Reader, type Tx } from '#database';
import type { EventMessage } from './message.js';

/** The events of one transaction, or a part of them where there are many. */
export interface OutboxRow {
  readonly id: number;
  readonly messages: readonly EventMessage[];
}

const messagesPerRow = 50;

/** Puts events into the outbox of the transaction that caused them: one row for all of them, unless they are many. */
export async function putIntoOutbox(tx: Tx, messages: readonly EventMessage[], now: Date): Promise<void> {
  const createdAt = sqlTime(now);
  const rows: { message: string; created_at: string }[] = [];
  for (let start = 0; start < messages.length; start += messagesPerRow)
    rows.push({ message: JSON.stringify(messages.slice(start, start + messagesPerRow)), created_at: createdAt });
  await tx.insertLater('outbox', rows);
}

/** The oldest rows with unpublished events in id order. A row that commits late has a smaller id and is simply found later: no cursor. */
export async function readOutbox(reader: Reader, limit: number): Promise<OutboxRow[]> {
  const rows = await reader.query<{ id: number; message: string }>(
    `SELECT id, message FROM outbox ORDER BY id LIMIT ${Math.trunc(limit)}`,
  );
  return rows.map(({ id, message }) => ({ id, messages: messagesIn(JSON.parse(message) as unknown) }));
}

/** A row written before events shared one holds a single event. */
function messagesIn(content: unknown): EventMessage[] {
  return (Array.isArray(content) ? content : [content]) as EventMessage[];
}

/** Confirmed by the broker: the rows have done their work. */
export async function clearOutbox(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.executeOnce(`DELETE FROM outbox WHERE id IN (${placeholders(ids.length)})`, [...ids]);
}

export interface OutboxState {
  /** Rows: transactions whose events wait. */
  readonly pending: number;
  /** When the oldest waiting row was written, null when there is none. */
  readonly oldestAt: string | null;
}

export async function outboxState(reader: Reader): Promise<OutboxState> {
  const row = await reader.one<{ pending: number | string; oldest: string | null }>(
    'SELECT COUNT(*) AS pending, MIN(created_at) AS oldest FROM outbox',
  );
  return { pending: Number(row?.pending ?? 0), oldestAt: row?.oldest ?? null };
}
