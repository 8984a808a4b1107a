import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Texts } from '#i18n';
import { nestLogger, Operations, type Edge, type RunningApplication } from '#service';
import type { GatewaySettings } from './gateway.env.js';
import { takeJsonAndForms } from './rest/body.parts.js';
import { wrapAnswers } from './rest/envelope.format.js';
import { serveOpenApi } from './rest/openapi.document.js';
import { RefusalFilter, bodyLimitBytes } from './rest/refusal.filter.js';
import { observeRequests } from './rest/request.observer.js';

const requestTimeoutMs = 15_000;

/** Gives the gateway's controllers what the edge shares with them. */
@Module({})
class EdgeModule {
  static of(module: Type, operations: Operations): DynamicModule {
    const provider = { provide: Operations, useValue: operations };
    return { module: EdgeModule, global: true, imports: [module], providers: [provider], exports: [provider] };
  }
}

/** Builds the application without listening; the OpenAPI generator uses it too. */
export async function buildGatewayApplication({ runtime, module, operations }: Edge): Promise<NestFastifyApplication> {
  const settings = runtime.settings as GatewaySettings;
  let refusals: RefusalFilter | null = null;
  const adapter = new FastifyAdapter({
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      refusals?.unreadablePath(error, request, reply),
    bodyLimit: bodyLimitBytes,
    // The n-th address from the right was written by our own outermost proxy; what stands left of it anybody can claim.
    trustProxy: (_address, hop) => hop < settings.TRUSTED_PROXIES,
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength: 200 },
  });
  const application = await NestFactory.create<NestFastifyApplication>(EdgeModule.of(module, operations), adapter, {
    logger: nestLogger(runtime.logger),
    abortOnError: false,
    bodyParser: false,
  });
  const server = application.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  takeJsonAndForms(server);
  observeRequests(server, runtime.metrics, runtime.logger);
  wrapAnswers(server);
  refusals = new RefusalFilter(application.get(Texts), runtime.logger);
  application.useGlobalFilters(refusals);
  serveOpenApi(application);
  return application;
}

/** Builds the application and listens on PORT. */
export async function createGatewayApplication(edge: Edge): Promise<RunningApplication> {
  const settings = edge.runtime.settings as GatewaySettings;
  const application = await buildGatewayApplication(edge);
  await application.listen(settings.PORT, settings.LISTEN_HOST);
  return { context: application, url: (await application.getUrl()).replace('[::1]', '127.0.0.1') };
}
