import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { SearchAuditLog, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, wholeNumber } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const auditQuery = z.strictObject({
  ...SearchAuditLog.input.shape,
  user_id: wholeNumber.pipe(z.int().positive()).optional(),
  limit: wholeNumber.pipe(z.int().min(1).max(100)).default(50),
});

/** Who did what (O-04), for admins. */
@ApiTags('audit')
@Controller('v1/audit-logs')
export class AuditController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: SearchAuditLog, access: { permission: 'audit.read' }, query: auditQuery })
  search(
    @Query(new InputPipe(auditQuery)) query: z.output<typeof auditQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SearchAuditLog>> {
    return this.messages.query(SearchAuditLog, query, call);
  }
}
