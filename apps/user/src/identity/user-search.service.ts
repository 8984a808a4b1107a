import { Controller } from '@nestjs/common';
import { AppError, FindUsers, foundUsersAtMost, GetUser, type HandledInputOf, type OutputOf } from '#contracts';
import type { SqlValue } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';
import { profileOf } from './profile.rules.js';
import { likePrefix, understandQuery, type UserQuery } from './user-search.rules.js';
import { findUser, findUsers } from './user.store.js';

/** How admins find somebody (B-04). */
@Controller()
export class UserSearchService {
  @HandleQuery(FindUsers)
  async find(
    { query }: HandledInputOf<typeof FindUsers>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof FindUsers>> {
    requirePermission(call, 'user.read');
    const condition = conditionOf(understandQuery(query));
    if (condition === null) return { items: [], more: false };
    const rows = await findUsers(reader, condition.sql, condition.values, foundUsersAtMost + 1);
    const items = rows.slice(0, foundUsersAtMost).map((row) => profileOf(row, now));
    return { items, more: rows.length > foundUsersAtMost };
  }

  @HandleQuery(GetUser)
  async get(
    { user_id }: HandledInputOf<typeof GetUser>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof GetUser>> {
    requirePermission(call, 'user.read');
    const row = await findUser(reader, user_id);
    if (!row) throw new AppError('user.not_found');
    return profileOf(row, now);
  }
}

function conditionOf(query: UserQuery): { sql: string; values: SqlValue[] } | null {
  switch (query.by) {
    case 'id':
      return query.telegramId === null
        ? { sql: 'id = ?', values: [query.id] }
        : { sql: '(id = ? OR telegram_id = ?)', values: [query.id, query.telegramId] };
    case 'telegram_id':
      return { sql: 'telegram_id = ?', values: [query.telegramId] };
    case 'username':
      return { sql: "username LIKE ? ESCAPE '!'", values: [likePrefix(query.username)] };
    case 'email':
      return { sql: "(email LIKE ? ESCAPE '!' OR email_canonical LIKE ? ESCAPE '!')", values: twice(query.prefix) };
    case 'name':
      return { sql: "(first_name LIKE ? ESCAPE '!' OR username LIKE ? ESCAPE '!')", values: twice(query.prefix) };
    case 'nothing':
      return null;
  }
}

function twice(prefix: string): SqlValue[] {
  return [likePrefix(prefix), likePrefix(prefix)];
}
