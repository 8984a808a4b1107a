import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequestDataExport, type Call, type HandledInputOf } from '#contracts';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';
import { DataArchiveClient } from './data-archive.client.js';

const noFields = strict(RequestDataExport.input);

/** A member's own data as an archive (U-15). */
@ApiTags('privacy')
@Controller('v1/users/me/data-exports')
export class DataExportController {
  constructor(private readonly archives: DataArchiveClient) {}

  @Post()
  @Endpoint({
    contract: RequestDataExport,
    access: 'member',
    file: 'application/zip',
    refusals: ['privacy.export_too_large', 'system.invalid_json', 'system.body_too_large'],
    description: 'A zip archive: manifest.json, and a JSON file for each service. Three a day.',
  })
  async export(
    @Body(new InputPipe(noFields)) _body: HandledInputOf<typeof RequestDataExport>,
    @CurrentCall() call: Call,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { fileName, content } = await this.archives.make(call);
    void reply
      .header('content-type', 'application/zip')
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(content);
  }
}
