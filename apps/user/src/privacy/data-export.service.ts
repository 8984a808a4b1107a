import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { AppError, DataExportRequested, RequestDataExport, type HandledInputOf, type OutputOf } from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime } from '#database';
import { HandleCommand, requireUser, type CommandContext } from '#messaging';
import { lockUser } from '../identity/user.store.js';

const exportsAtMost = 3;
const windowMs = 86_400_000;

/** Counts and audits the archives a member fetches (U-15): each reads every service, so three a day. */
@Controller()
export class DataExportService {
  @HandleCommand(RequestDataExport)
  async request(
    _input: HandledInputOf<typeof RequestDataExport>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RequestDataExport>> {
    const { tx, now } = context;
    const { id: userId } = await lockUser(tx, requireUser(context.call));
    const recent = await tx.query<{ requested_at: SqlTime }>(
      `SELECT requested_at FROM data_exports WHERE user_id = ? AND requested_at > ?
       ORDER BY requested_at LIMIT ${exportsAtMost}`,
      [userId, sqlTime(new Date(now.getTime() - windowMs))],
    );
    const oldest = recent[0];
    if (oldest && recent.length >= exportsAtMost) {
      const freeAt = fromSqlTime(oldest.requested_at).getTime() + windowMs;
      const seconds = Math.max(1, Math.ceil((freeAt - now.getTime()) / 1_000));
      throw new AppError('privacy.too_many_exports', { retry_after_seconds: seconds });
    }
    const id = randomUUID();
    await tx.insert('data_exports', { id, user_id: userId, requested_at: sqlTime(now) });
    context.emit(
      DataExportRequested,
      { user_id: userId, export_id: id },
      { user_id: userId, after: { export_id: id } },
    );
    return { export_id: id, requested_at: now.toISOString() };
  }
}
