import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { openCache } from '#cache';
import { MemoryBroker, MessageClient } from '#messaging';
import { Health, Metrics, Operations, RuntimeModule, systemClock, systemLogger, type Runtime } from '#service';
import { buildGatewayApplication } from '../../apps/gateway/src/gateway.application.js';
import { readGatewaySettings } from '../../apps/gateway/src/gateway.env.js';
import { DevelopmentGatewayModule } from '../../apps/gateway/src/gateway.module.js';
import { openApiDocument } from '../../apps/gateway/src/rest/openapi.document.js';
import type { Generator } from './generator.js';

/** The REST interface as a file, so that a change of it is seen in a review. Built from the real application, which is not started. */
export const generator: Generator = {
  name: 'OpenAPI document',
  async files() {
    const settings = readGatewaySettings({ AUTH_SECRET: '-'.repeat(48) });
    const broker = new MemoryBroker();
    const runtime: Runtime = {
      service: 'gateway',
      settings,
      logger: systemLogger('gateway', 'silent'),
      clock: systemClock,
      metrics: new Metrics('gateway', { runtime: false }),
      health: new Health('gateway'),
      broker,
      client: new MessageClient(broker),
      cache: await openCache({}),
      scoreSets: null,
      database: null,
      unitOfWork: null,
    };
    @Module({ imports: [RuntimeModule.of(runtime), DevelopmentGatewayModule] })
    class DocumentedModule {}
    const application = await buildGatewayApplication({
      runtime,
      module: DocumentedModule,
      operations: new Operations([runtime]),
    });
    const document = openApiDocument(application);
    await application.close();
    await runtime.cache?.close();
    return [{ path: 'docs/openapi.json', content: `${JSON.stringify(document, null, 2)}\n` }];
  },
};
