import { Controller } from '@nestjs/common';
import {
  AppError,
  CreateTag,
  ListTaggedUsers,
  ListTags,
  ListUserTags,
  RemoveTag,
  TagChanged,
  TagUser,
  UntagUser,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isDuplicateKey, isoTime, sqlTime, type SqlTime, type Tx } from '#database';
import { HandleCommand, HandleQuery, requirePermission, type CommandContext, type QueryContext } from '#messaging';
import { lockUser } from '../identity/user.store.js';
import { findTag, setTag, type TagRow } from './tag.store.js';

const tagsAtMost = 200;

/** Tags by hand, and who has which (U-16). For admins. */
@Controller()
export class TagService {
  @HandleCommand(CreateTag)
  async create(
    { name }: HandledInputOf<typeof CreateTag>,
    context: CommandContext,
  ): Promise<OutputOf<typeof CreateTag>> {
    requirePermission(context.call, 'tag.manage');
    const { tx, now } = context;
    if ((await tx.count('tags')) >= tagsAtMost) throw new AppError('tag.too_many', { limit: tagsAtMost });
    const createdAt = sqlTime(now);
    const { insertId } = await tx
      .insert('tags', { name, kind: 'custom', created_at: createdAt })
      .catch((error: unknown) => {
        throw isDuplicateKey(error) ? new AppError('tag.taken') : error;
      });
    context.emit(TagChanged, { tag_id: insertId, tag: name, exists: true }, { after: { tag_id: insertId, tag: name } });
    return { id: insertId, name, kind: 'custom', members: 0, created_at: isoTime(createdAt) };
  }

  @HandleCommand(RemoveTag)
  async remove(
    { tag_id }: HandledInputOf<typeof RemoveTag>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RemoveTag>> {
    requirePermission(context.call, 'tag.manage');
    const tag = await customTag(context.tx, tag_id);
    await context.tx.execute('DELETE FROM user_tags WHERE tag_id = ?', [tag_id]);
    await context.tx.execute('DELETE FROM tags WHERE id = ?', [tag_id]);
    context.emit(TagChanged, { tag_id, tag: tag.name, exists: false }, { before: { tag_id, tag: tag.name } });
    return { removed: true };
  }

  @HandleCommand(TagUser)
  async tag(
    { user_id, tag_id }: HandledInputOf<typeof TagUser>,
    context: CommandContext,
  ): Promise<OutputOf<typeof TagUser>> {
    requirePermission(context.call, 'tag.manage');
    await lockUser(context.tx, user_id);
    await setTag(context, await customTag(context.tx, tag_id), user_id, true);
    return { user_id, tag_id, tagged: true };
  }

  @HandleCommand(UntagUser)
  async untag(
    { user_id, tag_id }: HandledInputOf<typeof UntagUser>,
    context: CommandContext,
  ): Promise<OutputOf<typeof UntagUser>> {
    requirePermission(context.call, 'tag.manage');
    await lockUser(context.tx, user_id);
    await setTag(context, await customTag(context.tx, tag_id), user_id, false);
    return { user_id, tag_id, tagged: false };
  }

  @HandleQuery(ListTags)
  async list(
    _input: HandledInputOf<typeof ListTags>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListTags>> {
    requirePermission(call, 'tag.read');
    const rows = await reader.query<TagRow & { members: number | string }>(
      `SELECT t.id, t.name, t.kind, t.created_at, (SELECT COUNT(*) FROM user_tags m WHERE m.tag_id = t.id) AS members
       FROM tags t ORDER BY t.kind DESC, t.name LIMIT ${tagsAtMost}`,
    );
    return {
      items: rows.map((row) => ({ ...row, members: Number(row.members), created_at: isoTime(row.created_at) })),
    };
  }

  @HandleQuery(ListUserTags)
  async listOfUser(
    { user_id }: HandledInputOf<typeof ListUserTags>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListUserTags>> {
    requirePermission(call, 'tag.read');
    const rows = await reader.query<TagRow & { since: SqlTime }>(
      `SELECT t.id, t.name, t.kind, t.created_at, m.created_at AS since FROM user_tags m JOIN tags t ON t.id = m.tag_id
       WHERE m.user_id = ? ORDER BY t.name LIMIT ${tagsAtMost}`,
      [user_id],
    );
    return {
      items: rows.map((row) => ({ ...row, created_at: isoTime(row.created_at), since: isoTime(row.since) })),
    };
  }

  @HandleQuery(ListTaggedUsers)
  async listTagged(
    { tag_id, after_user_id, limit }: HandledInputOf<typeof ListTaggedUsers>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListTaggedUsers>> {
    requirePermission(call, 'tag.read');
    if (!(await findTag(reader, tag_id))) throw new AppError('tag.unknown');
    const rows = await reader.query<{ user_id: number }>(
      `SELECT user_id FROM user_tags WHERE tag_id = ? AND user_id > ? ORDER BY user_id LIMIT ${limit}`,
      [tag_id, after_user_id],
    );
    return { user_ids: rows.map(({ user_id }) => user_id) };
  }
}

/** @throws AppError tag.unknown, tag.is_system */
async function customTag(tx: Tx, id: number): Promise<TagRow> {
  const tag = await findTag(tx, id);
  if (!tag) throw new AppError('tag.unknown');
  if (tag.kind === 'system') throw new AppError('tag.is_system');
  return tag;
}
