import { UserTagsChanged } from '#contracts';
import { sqlTime, type Reader, type SqlTime } from '#database';
import type { CommandContext } from '#messaging';

export interface TagRow {
  id: number;
  name: string;
  kind: 'system' | 'custom';
  created_at: SqlTime;
}

const columns = 'id, name, kind, created_at';

export function findTag(reader: Reader, id: number): Promise<TagRow | undefined> {
  return reader.one<TagRow>(`SELECT ${columns} FROM tags WHERE id = ?`, [id]);
}

export function findTagByName(reader: Reader, name: string): Promise<TagRow | undefined> {
  return reader.one<TagRow>(`SELECT ${columns} FROM tags WHERE name = ?`, [name]);
}

/** Puts a tag on a member or takes it away, and tells it when that changes something. */
export async function setTag(context: CommandContext, tag: TagRow, userId: number, has: boolean): Promise<void> {
  const { tx, now } = context;
  const row = await tx.one('SELECT 1 FROM user_tags WHERE tag_id = ? AND user_id = ?', [tag.id, userId]);
  if ((row !== undefined) === has) return;
  const tagged = { tag_id: tag.id, user_id: userId };
  if (has) await tx.upsert('user_tags', { ...tagged, created_at: sqlTime(now) }, { conflict: ['tag_id', 'user_id'] });
  else await tx.execute('DELETE FROM user_tags WHERE tag_id = ? AND user_id = ?', [tag.id, userId]);
  const change = { [has ? 'after' : 'before']: { tag_name: tag.name } };
  context.emit(UserTagsChanged, { ...tagged, tag: tag.name, has }, { user_id: userId, ...change });
}
