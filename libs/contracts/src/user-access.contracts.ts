import { z } from 'zod';
import { roleSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import {
  pageInputSchema,
  pageSchema,
  reasonSchema,
  telegramIdSchema,
  timeSchema,
  userIdSchema,
} from './field.schemas.js';
import { permissionNameSchema, permissionNames } from './permission.catalogue.js';

const permissionsSchema = z.array(permissionNameSchema).max(permissionNames.length);

export const roleViewSchema = z.object({
  role: roleSchema,
  rank: z.int().describe('a higher rank may give and take lower ones'),
  permissions: permissionsSchema,
});

/** What the edge needs to decide who may do what, without asking on each request (U-13). It keeps the answer for some seconds. */
export const GetAccessPolicy = defineQuery({
  name: 'user.get_access_policy.v1',
  summary:
    'The permissions of each role, and whose role or session has changed since access tokens that still live were made',
  input: z.object({}),
  output: z.object({
    permissions: z.record(roleSchema, z.array(z.string().max(64))),
    changed_roles: z.array(z.object({ user_id: userIdSchema, role: roleSchema, changed_at: timeSchema })),
    ended_sessions: z.array(z.string().max(36)).describe('of members with a role above member'),
  }),
});

export const ListRoles = defineQuery({
  name: 'user.list_roles.v1',
  summary: 'The roles with their ranks and permissions, and every permission there is',
  input: z.object({}),
  output: z.object({
    roles: z.array(roleViewSchema),
    permissions: z.array(z.object({ name: permissionNameSchema, summary: z.string() })),
  }),
  errors: ['auth.forbidden'],
});

export const ChangeRolePermissions = defineCommand({
  name: 'user.change_role_permissions.v1',
  summary: 'Say what a role may do; what is not named, it may not do any more',
  input: z.object({ role: roleSchema, permissions: permissionsSchema }),
  output: roleViewSchema,
  errors: ['auth.forbidden', 'auth.step_up_required', 'role.above_own', 'role.always_complete'],
});

export const ChangeUserRole = defineCommand({
  name: 'user.change_role.v1',
  summary: 'Give a member a role, or take it: member is the lowest',
  input: z.object({ user_id: userIdSchema, role: roleSchema, reason: reasonSchema }),
  output: z.object({ user_id: userIdSchema, role: roleSchema, role_before: roleSchema }),
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'user.not_found',
    'role.above_own',
    'role.last_super_admin',
    'role.fixed_by_configuration',
  ],
});

export const ListStaff = defineQuery({
  name: 'user.list_staff.v1',
  summary: 'Who has a role above member, highest first',
  input: pageInputSchema.extend({ role: roleSchema.optional() }),
  output: pageSchema(
    z.object({
      user_id: userIdSchema,
      telegram_id: telegramIdSchema,
      first_name: z.string(),
      username: z.string().nullable(),
      role: roleSchema,
      role_changed_at: timeSchema.nullable(),
    }),
  ),
  errors: ['auth.forbidden'],
});

export const UserRoleChanged = defineEvent({
  name: 'user.role_changed.v1',
  summary: 'A member was given another role, by somebody or by the configuration',
  payload: z.object({ user_id: userIdSchema, role_before: roleSchema, role: roleSchema, reason: z.string() }),
});

export const RolePermissionsChanged = defineEvent({
  name: 'user.role_permissions_changed.v1',
  summary: 'What a role may do has changed',
  payload: z.object({ role: roleSchema, added: z.array(z.string()), removed: z.array(z.string()) }),
});
