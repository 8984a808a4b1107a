import type { z } from 'zod';
import type { groupChatSchema } from '#contracts';
import { sqlTime, type SqlTime, type Tx } from '#database';

export interface GroupRow {
  id: number;
  chat_id: string;
  kind: 'group' | 'supergroup';
  title: string;
  username: string | null;
  titled_at: SqlTime;
  moved_to: number | null;
  bot_status: string | null;
  bot_rights: string | null;
  missing_rights: string;
  bot_status_at: SqlTime | null;
  bot_status_order: number;
}

export type GroupChat = z.output<typeof groupChatSchema>;

const columns = `id, chat_id, kind, title, username, titled_at, moved_to, bot_status, bot_rights, missing_rights, bot_status_at,
  bot_status_order`;
/** A group moves once in its life; a chain comes of odd data only. */
const movesAtMost = 3;

/** Locks the row of a chat id, making it where there is none. It may be a signpost to another group. */
export async function lockChat(tx: Tx, chat: GroupChat, at: Date, now: Date): Promise<GroupRow> {
  const row = await findLockedChat(tx, chat.chat_id);
  if (row) return row;
  await tx.upsert(
    'chat_groups',
    {
      chat_id: chat.chat_id,
      kind: chat.kind,
      title: chat.title,
      username: chat.username,
      titled_at: sqlTime(at),
      moved_to: null,
      missing_rights: '[]',
      bot_status_order: 0,
      created_at: sqlTime(now),
      updated_at: sqlTime(now),
    },
    { conflict: ['chat_id'] },
  );
  const made = await findLockedChat(tx, chat.chat_id);
  if (!made) throw new Error('the group vanished under its lock');
  return made;
}

/** The group that a chat id belongs to today, locked; news of a group's former id lands at its supergroup. */
export async function lockGroup(tx: Tx, chat: GroupChat, at: Date, now: Date): Promise<GroupRow> {
  let row = await lockChat(tx, chat, at, now);
  for (let moves = 0; row.moved_to !== null && moves < movesAtMost; moves += 1) {
    const next = await lockGroupById(tx, row.moved_to);
    if (!next) throw new Error('a group has moved to nowhere');
    row = next;
  }
  if (row.chat_id === chat.chat_id) await keepTitle(tx, row, chat, at, now);
  return row;
}

function findLockedChat(tx: Tx, chatId: string): Promise<GroupRow | undefined> {
  return tx.one<GroupRow>(`SELECT ${columns} FROM chat_groups WHERE chat_id = ?${tx.lock}`, [chatId]);
}

export function lockGroupById(tx: Tx, id: number): Promise<GroupRow | undefined> {
  return tx.one<GroupRow>(`SELECT ${columns} FROM chat_groups WHERE id = ?${tx.lock}`, [id]);
}

async function keepTitle(tx: Tx, row: GroupRow, chat: GroupChat, at: Date, now: Date): Promise<void> {
  const isSame = row.title === chat.title && row.username === chat.username && row.kind === chat.kind;
  if (isSame || row.titled_at > sqlTime(at)) return;
  await tx.execute(
    'UPDATE chat_groups SET title = ?, username = ?, kind = ?, titled_at = ?, updated_at = ? WHERE id = ?',
    [chat.title, chat.username, chat.kind, sqlTime(at), sqlTime(now), row.id],
  );
}
