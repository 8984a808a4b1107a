import { Controller } from '@nestjs/common';
import {
  ChangeRolePermissions,
  GetAccessPolicy,
  ListRoles,
  permissionCatalogue,
  permissionNames,
  RolePermissionsChanged,
  roles,
  AppError,
  type HandledInputOf,
  type OutputOf,
  type Role,
} from '#contracts';
import { isoTime, placeholders, sqlTime, type SqlTime } from '#database';
import {
  HandleCommand,
  HandleQuery,
  requirePermission,
  requireStepUp,
  requireUser,
  type CommandContext,
  type QueryContext,
} from '#messaging';
import { lockUser } from '../identity/user.store.js';
import { accessTokenSeconds } from '../session/token.issuer.js';
import { judgePermissionsChange, rankOf } from './role.rules.js';
import { knownPermissions, lockRole, readRolePermissions } from './role.store.js';

/** What is older than every access token, and some clock skew, no edge needs to know. */
const policyReachMs = (accessTokenSeconds + 120) * 1000;
const changesAtMost = 1_000;

type RoleView = OutputOf<typeof ChangeRolePermissions>;

/** What each role may do (U-13), as data. */
@Controller()
export class AccessPolicyService {
  @HandleQuery(GetAccessPolicy)
  async policy(
    _input: HandledInputOf<typeof GetAccessPolicy>,
    { reader, now }: QueryContext,
  ): Promise<OutputOf<typeof GetAccessPolicy>> {
    const since = sqlTime(new Date(now.getTime() - policyReachMs));
    const permissions = await readRolePermissions(reader);
    const changed = await reader.query<{ id: number; role: Role; role_changed_at: SqlTime }>(
      `SELECT id, role, role_changed_at FROM users WHERE role_changed_at > ?
       ORDER BY role_changed_at DESC LIMIT ${changesAtMost}`,
      [since],
    );
    const ended = await reader.query<{ id: string }>(
      `SELECT sessions.id FROM sessions JOIN users ON users.id = sessions.user_id
       WHERE sessions.ended_at > ? AND users.role <> 'member' ORDER BY sessions.ended_at DESC LIMIT ${changesAtMost}`,
      [since],
    );
    return {
      permissions,
      changed_roles: changed.map(({ id, role, role_changed_at }) => ({
        user_id: id,
        role,
        changed_at: isoTime(role_changed_at),
      })),
      ended_sessions: ended.map(({ id }) => id),
    };
  }

  @HandleQuery(ListRoles)
  async list(
    _input: HandledInputOf<typeof ListRoles>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListRoles>> {
    requirePermission(call, 'role.read');
    const permissions = await readRolePermissions(reader);
    return {
      roles: roles.map((role) => ({
        role,
        rank: rankOf(role),
        permissions: knownPermissions(permissions[role]),
      })),
      permissions: permissionNames.map((name) => ({ name, summary: permissionCatalogue[name].summary })),
    };
  }

  @HandleCommand(ChangeRolePermissions)
  async change(input: HandledInputOf<typeof ChangeRolePermissions>, context: CommandContext): Promise<RoleView> {
    const { tx, call } = context;
    requirePermission(call, 'role.define');
    requireStepUp(call);
    await lockRole(tx, input.role);
    const actor = await lockUser(tx, requireUser(call));
    const all = await readRolePermissions(tx);
    const before = knownPermissions(all[input.role]);
    const wanted = knownPermissions(input.permissions);
    const added = wanted.filter((name) => !before.includes(name));
    const removed = before.filter((name) => !wanted.includes(name));
    const refusal = judgePermissionsChange({ actor: actor.role, actorHas: all[actor.role], role: input.role, added });
    if (refusal) throw new AppError(refusal);
    if (added.length > 0) {
      await tx.insert(
        'role_permissions',
        added.map((permission) => ({ role: input.role, permission })),
      );
    }
    if (removed.length > 0) {
      await tx.executeOnce(
        `DELETE FROM role_permissions WHERE role = ? AND permission IN (${placeholders(removed.length)})`,
        [input.role, ...removed],
      );
    }
    if (added.length + removed.length > 0) {
      context.emit(
        RolePermissionsChanged,
        { role: input.role, added, removed },
        { before: { permissions: before }, after: { permissions: wanted } },
      );
    }
    return { role: input.role, rank: rankOf(input.role), permissions: wanted };
  }
}
