import { Controller } from '@nestjs/common';
import { AppError, BanUser, ListStandings, UnbanUser, type HandledInputOf, type OutputOf } from '#contracts';
import { isoTime, sqlTime, type SqlTime } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { statusOf, type UserRow } from '../identity/profile.rules.js';
import { lockUser } from '../identity/user.store.js';
import { refuseBeingErased } from '../privacy/deletion.store.js';
import { banRefusal, statusAfterBan, unbanRefusal, type BanActor, type BanTarget } from './status.rules.js';
import { StatusWriter } from './status.writer.js';

/** How far back a door that has just opened asks: no access token lives longer (15 minutes). */
const recentMs = 20 * 60_000;

interface StandingRow {
  id: number;
  user_id: number;
  status: OutputOf<typeof ListStandings>['items'][number]['status'];
  changed_at: SqlTime;
  telegram_id: string | null;
}

/** Bans, and what the doors must know of them (U-01). */
@Controller()
export class StatusService {
  constructor(private readonly statuses: StatusWriter) {}

  @HandleCommand(BanUser)
  async ban(input: HandledInputOf<typeof BanUser>, context: CommandContext): Promise<OutputOf<typeof BanUser>> {
    requirePermission(context.call, 'user.ban');
    requireStepUp(context.call);
    const user = await lockUser(context.tx, input.user_id);
    const refusal = banRefusal(actorOf(context), targetOf(user));
    if (refusal) throw AppError.fromWire({ name: refusal });
    await refuseBeingErased(context.tx, user.id);
    await this.statuses.change(context, user, 'banned', input.reason);
    return { user_id: user.id, status: 'banned' };
  }

  @HandleCommand(UnbanUser)
  async unban(input: HandledInputOf<typeof UnbanUser>, context: CommandContext): Promise<OutputOf<typeof UnbanUser>> {
    requirePermission(context.call, 'user.ban');
    const user = await lockUser(context.tx, input.user_id);
    const deletion = await refuseBeingErased(context.tx, user.id);
    const refusal = unbanRefusal(actorOf(context), targetOf(user));
    if (refusal) throw AppError.fromWire({ name: refusal });
    const status = statusAfterBan(deletion !== undefined);
    await this.statuses.change(context, user, status, input.reason);
    return { user_id: user.id, status };
  }

  @HandleQuery(ListStandings)
  async listStandings(
    input: HandledInputOf<typeof ListStandings>,
    { reader, now, call }: QueryContext,
  ): Promise<OutputOf<typeof ListStandings>> {
    if (call.actor.kind !== 'system') throw new AppError('auth.forbidden');
    const isFirst = input.after_id === null;
    const rows = await reader.query<StandingRow>(
      `SELECT s.id, s.user_id, s.status, s.changed_at, u.telegram_id FROM standing_changes s
       LEFT JOIN users u ON u.id = s.user_id
       WHERE ${isFirst ? 's.changed_at >= ?' : 's.id > ?'} ORDER BY s.id LIMIT ${input.limit}`,
      [isFirst ? sqlTime(new Date(now.getTime() - recentMs)) : input.after_id],
    );
    return { items: rows.map((row) => ({ ...row, changed_at: isoTime(row.changed_at) })) };
  }
}

function targetOf(user: UserRow): BanTarget {
  return { userId: user.id, role: user.role, status: statusOf(user) };
}

function actorOf({ call }: CommandContext): BanActor {
  return call.actor.kind === 'user'
    ? { userId: call.actor.user_id, role: call.actor.role }
    : { userId: null, role: null };
}
