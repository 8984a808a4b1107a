import { isDuplicateKey, placeholders, sqlTime, type Reader, type Tx } from '#database';
import type { EventMessage, Reply } from './message.js';

export interface RememberedCommand {
  readonly inputHash: string;
  readonly reply: Reply;
}

/**
 * Writes down that a command was handled and what was answered. A second row for the same id is a duplicate-key error, at the
 * latest of the commit.
 */
export async function rememberCommand(
  tx: Tx,
  entry: { id: string; contract: string; inputHash: string; reply: Reply; now: Date },
): Promise<void> {
  await tx.insertLater('inbox', {
    message_id: entry.id,
    contract: entry.contract,
    input_hash: entry.inputHash,
    reply: JSON.stringify(entry.reply),
    handled_at: sqlTime(entry.now),
  });
}

export async function recallCommand(reader: Reader, id: string): Promise<RememberedCommand | null> {
  const row = await reader.one<{ input_hash: string; reply: string }>(
    'SELECT input_hash, reply FROM inbox WHERE message_id = ?',
    [id],
  );
  return row ? { inputHash: row.input_hash, reply: JSON.parse(row.reply) as Reply } : null;
}

/**
 * Writes down that these events are being handled in this transaction and returns those that were not handled before. Hardly one ever
 * comes twice, so nobody looks before: only where the unique key says that one is known are they looked up.
 */
export async function rememberEvents(tx: Tx, messages: readonly EventMessage[], now: Date): Promise<EventMessage[]> {
  const unique = [...new Map(messages.map((message) => [message.id, message])).values()];
  try {
    await insertEvents(tx, unique, now);
    return unique;
  } catch (error) {
    // The statement has done nothing then, and the transaction goes on.
    if (!isDuplicateKey(error)) throw error;
  }
  const known = await knownAmong(tx, unique);
  const fresh = unique.filter(({ id }) => !known.has(id));
  await insertEvents(tx, fresh, now);
  return fresh;
}

async function insertEvents(tx: Tx, messages: readonly EventMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return;
  const handledAt = sqlTime(now);
  const rows = messages.map(({ id, name }) => ({ message_id: id, contract: name, handled_at: handledAt }));
  await tx.insert('inbox', rows);
}

async function knownAmong(tx: Tx, messages: readonly EventMessage[]): Promise<Set<string>> {
  const rows = await tx.query<{ message_id: string }>(
    `SELECT message_id FROM inbox WHERE message_id IN (${placeholders(messages.length)})`,
    messages.map(({ id }) => id),
  );
  return new Set(rows.map(({ message_id }) => message_id));
}

/** Forgets what was handled before `before`, a bounded number at a time. */
export async function forgetHandled(tx: Tx, before: Date, limit: number): Promise<number> {
  const rows = await tx.query<{ message_id: string }>(
    `SELECT message_id FROM inbox WHERE handled_at < ? ORDER BY handled_at LIMIT ${Math.trunc(limit)}`,
    [sqlTime(before)],
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ message_id }) => message_id);
  return (await tx.executeOnce(`DELETE FROM inbox WHERE message_id IN (${placeholders(ids.length)})`, ids)).affected;
}

const scrubbedAtMost = 10_000;
const scrubbedReply: Reply = { ok: false, error: { name: 'user.not_found', params: {} } };

/** Takes the content out of remembered replies that hold one of these texts: what is remembered is only that it was handled. */
export async function scrubReplies(tx: Tx, needles: readonly string[]): Promise<number> {
  let scrubbed = 0;
  for (const needle of needles) {
    // Read without a lock: a locking search of the whole table would stop every other command.
    const rows = await tx.query<{ message_id: string }>(
      `SELECT message_id FROM inbox WHERE reply LIKE ? LIMIT ${scrubbedAtMost}`,
      [`%${needle.replace(/[\\%_]/g, '_')}%`],
    );
    for (const { message_id } of rows) {
      await tx.execute('UPDATE inbox SET reply = ? WHERE message_id = ?', [JSON.stringify(scrubbedReply), message_id]);
    }
    scrubbed += rows.length;
  }
  return scrubbed;
}
