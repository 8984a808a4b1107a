import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ChangeRolePermissions,
  ChangeUserRole,
  ListRoles,
  ListStaff,
  roles,
  roleSchema,
  type Call,
  type OutputOf,
  type Role,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const permissionsBody = strict(ChangeRolePermissions.input.omit({ role: true }));
const roleBody = strict(ChangeUserRole.input.omit({ user_id: true }));
const staffQuery = z.strictObject({ ...pageQuery.shape, role: roleSchema.optional() });

/** Roles and who has them (U-13). */
@ApiTags('admin: roles')
@Controller('v1/admin')
export class RoleController {
  constructor(private readonly messages: MessageClient) {}

  @Get('roles')
  @Endpoint({ contract: ListRoles, access: { permission: 'role.read' } })
  roles(@CurrentCall() call: Call): Promise<OutputOf<typeof ListRoles>> {
    return this.messages.query(ListRoles, {}, call);
  }

  @Put('roles/:role/permissions')
  @ApiParam({ name: 'role', enum: roles })
  @Endpoint({
    contract: ChangeRolePermissions,
    access: { permission: 'role.define' },
    stepUp: true,
    body: permissionsBody,
    idempotent: true,
    example: { body: { permissions: ['user.read', 'delivery.read'] } },
  })
  changePermissions(
    @Param('role', new InputPipe(roleSchema)) role: Role,
    @Body(new InputPipe(permissionsBody)) body: z.output<typeof permissionsBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeRolePermissions>> {
    return this.messages.command(ChangeRolePermissions, { ...body, role }, call, { idempotencyKey });
  }

  @Get('staff')
  @Endpoint({ contract: ListStaff, access: { permission: 'role.read' }, query: staffQuery })
  staff(
    @Query(new InputPipe(staffQuery)) query: z.output<typeof staffQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListStaff>> {
    return this.messages.query(ListStaff, query, call);
  }

  @Put('users/:id/role')
  @Endpoint({
    contract: ChangeUserRole,
    access: { permission: 'role.grant' },
    stepUp: true,
    body: roleBody,
    idempotent: true,
    example: { body: { role: 'operator', reason: 'helps in the evenings' } },
  })
  changeRole(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(roleBody)) body: z.output<typeof roleBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeUserRole>> {
    return this.messages.command(ChangeUserRole, { ...body, user_id: userId }, call, { idempotencyKey });
  }
}
