import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Operations } from '#service';
import { AllowAccess } from '../rest/access.decorator.js';

/** Health and metrics (O-02). The reverse proxy keeps them from the outside. */
@ApiTags('operations')
@AllowAccess('public')
@Controller()
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  @Get('health')
  @ApiOperation({ summary: 'Every dependency by name', operationId: 'health' })
  @ApiResponse({ status: 200, description: 'all answer' })
  @ApiResponse({ status: 503, description: 'some do not, or the service is stopping' })
  health(@Res() reply: FastifyReply): Promise<void> {
    return this.send('/health', reply);
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process turns', operationId: 'live' })
  @ApiResponse({ status: 200, description: 'it does' })
  live(@Res() reply: FastifyReply): Promise<void> {
    return this.send('/health/live', reply);
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether requests should be sent here', operationId: 'ready' })
  @ApiResponse({ status: 200, description: 'they should' })
  @ApiResponse({ status: 503, description: 'not now' })
  ready(@Res() reply: FastifyReply): Promise<void> {
    return this.send('/health/ready', reply);
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Metrics in the Prometheus text format', operationId: 'metrics' })
  @ApiResponse({ status: 200, description: 'text format' })
  metrics(@Res() reply: FastifyReply): Promise<void> {
    return this.send('/metrics', reply);
  }

  private async send(path: string, reply: FastifyReply): Promise<void> {
    const answer = await this.operations.answer(path);
    if (answer) await reply.status(answer.status).header('content-type', answer.contentType).send(answer.body);
  }
}
