import { Controller } from '@nestjs/common';
import { AppError, ChangeUserRole, ListStaff, type HandledInputOf, type OutputOf, type Role } from '#contracts';
import { isoTimeOrNull, type SqlTime, type Tx } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  requireUser,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { InjectSettings } from '#service';
import { ContactService } from '../identity/contact.service.js';
import { userStatuses } from '../identity/profile.rules.js';
import { lockUser } from '../identity/user.store.js';
import type { UserSettings } from '../user.env.js';
import { judgeRoleChange } from './role.rules.js';
import { lockRole } from './role.store.js';

interface StaffRow {
  user_id: number;
  telegram_id: string;
  first_name: string;
  username: string | null;
  role: Role;
  role_changed_at: SqlTime | null;
}

/** Who has which role (U-13). */
@Controller()
export class UserRoleService {
  constructor(
    private readonly contacts: ContactService,
    @InjectSettings() private readonly settings: UserSettings,
  ) {}

  /** Decides on the roles as the tables have them, whatever an older token says. */
  @HandleCommand(ChangeUserRole)
  async change(
    input: HandledInputOf<typeof ChangeUserRole>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeUserRole>> {
    const { tx, call } = context;
    requirePermission(call, 'role.grant');
    requireStepUp(call);
    await lockRole(tx, 'super_admin');
    const actor = await lockUser(tx, requireUser(call));
    const user = await lockUser(tx, input.user_id);
    const refusal = judgeRoleChange({
      actor: actor.role,
      before: user.role,
      wanted: input.role,
      isConfigured: user.telegram_id === this.settings.TELEGRAM_ADMIN_ID,
      otherSuperAdmins: await countSuperAdminsBesides(tx, user.id),
    });
    if (refusal) throw new AppError(refusal);
    await this.contacts.change(context, user, { ...user, role: input.role }, input.reason);
    return { user_id: user.id, role: input.role, role_before: user.role };
  }

  @HandleQuery(ListStaff)
  async list(
    input: HandledInputOf<typeof ListStaff>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListStaff>> {
    requirePermission(call, 'role.read');
    const { page, page_size } = input;
    const where = input.role === undefined ? `users.role <> 'member'` : 'users.role = ?';
    const values = input.role === undefined ? [] : [input.role];
    const total = await reader.count(`users WHERE ${where}`, values);
    const rows = await reader.query<StaffRow>(
      `SELECT users.id AS user_id, users.telegram_id, users.first_name, users.username, users.role, users.role_changed_at
       FROM users JOIN roles ON roles.name = users.role WHERE ${where}
       ORDER BY roles.rank_number DESC, users.id LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      values,
    );
    const items = rows.map((row) => ({ ...row, role_changed_at: isoTimeOrNull(row.role_changed_at) }));
    return { items, page, page_size, total };
  }
}

async function countSuperAdminsBesides(tx: Tx, userId: number): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `SELECT id FROM users WHERE role = 'super_admin' AND status = ${userStatuses.active} AND id <> ? LIMIT 1`,
    [userId],
  );
  return rows.length;
}
