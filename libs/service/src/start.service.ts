import type { Server } from 'node:http';
import { Module, type DynamicModule, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openCache, openScoreSets, type Cache } from '#cache';
import type { EngineConfiguration } from '#config';
import type { Database } from '#database';
import {
  BrokerServer,
  InboxAndOutbox1700000000000,
  MemoryBroker,
  MessageClient,
  OutboxRelay,
  PassThroughFilter,
  RabbitBroker,
  UnitOfWork,
  type Broker,
  type MessagingObserver,
} from '#messaging';
import { movedClock, systemClock } from './clock.js';
import { openDatabasePatiently } from './database.waiter.js';
import { Health } from './health.js';
import { createLogger, nestLogger, type Logger } from './logger.js';
import { messagingObserver, watchBroker, watchClient, watchDatabase } from './messaging.metrics.js';
import { Metrics } from './metrics.js';
import { listenForOperations, Operations } from './operations.server.js';
import { RuntimeModule, type Runtime } from './runtime.js';
import type { RunningApplication, ServiceDefinition } from './service.definition.js';
import { StandingChanges1700000001300 } from './standing/standing.migration.js';
import { StandingRegister } from './standing/standing.register.js';

/** What services that share a process share; each process of its own makes its own. */
export interface SharedParts {
  readonly broker?: Broker;
  readonly cache?: Cache;
  /** Without a port of its own a service's metrics are shown by the gateway. */
  readonly listenForOperations: boolean;
  /** Whether this service reports the process's own metrics (event loop, memory). */
  readonly runtimeMetrics: boolean;
  /** What the gateway shows besides itself. */
  readonly neighbours?: readonly RunningService[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Resolves when every reader of events is there; outboxes wait for it. Queues of a real broker are there from the start. */
  readonly ready?: Promise<void>;
}

export interface RunningService {
  readonly runtime: Runtime;
  readonly url: string | null;
  /** Not ready, consumers stopped, loops stopped, outbox flushed, connections closed: in this order. */
  stop(): Promise<void>;
}

const alone: SharedParts = { listenForOperations: true, runtimeMetrics: true };

/** Starts a service: settings, engines, migrations, handlers, relay, health, metrics. Rejects when a setting or the schema is wrong. */
export async function startService<Settings extends EngineConfiguration>(
  definition: ServiceDefinition<Settings>,
  shared: SharedParts = alone,
): Promise<RunningService> {
  const settings = definition.readSettings(shared.environment);
  const logger = createLogger(definition.name, settings.LOG_LEVEL);
  const metrics = new Metrics(definition.name, { runtime: shared.runtimeMetrics });
  const observer = messagingObserver(metrics, logger);
  const clock = settings.CLOCK_OFFSET_FILE ? movedClock(settings.CLOCK_OFFSET_FILE) : systemClock;
  const broker = shared.broker ?? (await openBroker(settings, logger, observer));
  const database = await openDatabase(definition, settings, logger);
  const cache = definition.usesCache ? (shared.cache ?? (await openCache({ redisUrl: settings.REDIS_URL }))) : null;
  const scoreSets = definition.usesScoreSets ? await openScoreSets({ redisUrl: settings.REDIS_URL }) : null;
  const relay = database ? new OutboxRelay(database, broker, observer) : null;
  const standings = database ? new StandingRegister(database, logger) : null;
  await standings?.start();
  const unitOfWork =
    database && standings
      ? new UnitOfWork({ service: definition.name, database, clock, standings, onEvents: () => relay?.wake() })
      : null;
  const health = new Health(definition.name);
  const runtime: Runtime = {
    service: definition.name,
    settings,
    logger,
    clock,
    metrics,
    health,
    broker,
    client: new MessageClient(broker),
    cache,
    scoreSets,
    database,
    unitOfWork,
  };
  watch(runtime);
  const operations = new Operations([runtime, ...(shared.neighbours ?? []).map((neighbour) => neighbour.runtime)]);
  const application = await startApplication(definition, runtime, operations, observer);
  void (shared.ready ?? Promise.resolve()).then(() => relay?.start());
  const operationsServer = shared.listenForOperations
    ? await listenForOperations(operations, definition.operationsPort(settings), settings.LISTEN_HOST)
    : null;
  logger.info({ url: application.url }, 'started');
  return {
    runtime,
    url: application.url,
    stop: () => stopInOrder({ runtime, application, relay, standings, operationsServer, shared }),
  };
}

/** What every service with tables has besides its own. */
export const sharedMigrations = [InboxAndOutbox1700000000000, StandingChanges1700000001300];

interface StartedApplication {
  readonly url: string | null;
  stop(): Promise<void>;
}

async function startApplication<Settings extends EngineConfiguration>(
  definition: ServiceDefinition<Settings>,
  runtime: Runtime,
  operations: Operations,
  observer: MessagingObserver,
): Promise<StartedApplication> {
  const module = rootModule(definition.module, runtime);
  if (definition.createApplication) return edgeOf(await definition.createApplication({ runtime, module, operations }));
  if (!runtime.unitOfWork) throw new Error(`${definition.name} handles messages but has no tables`);
  const server = new BrokerServer({
    service: definition.name,
    broker: runtime.broker,
    unitOfWork: runtime.unitOfWork,
    observer,
    ...(definition.eventQueue && { eventQueue: definition.eventQueue }),
    ...(definition.concurrency && { concurrency: definition.concurrency }),
  });
  const application: INestMicroservice = await NestFactory.createMicroservice(module, {
    strategy: server,
    logger: nestLogger(runtime.logger),
    abortOnError: false,
  });
  application.useGlobalFilters(new PassThroughFilter());
  await application.listen();
  return {
    url: null,
    async stop() {
      await server.close();
      await application.close();
    },
  };
}

function edgeOf({ context, url }: RunningApplication): StartedApplication {
  return { url, stop: () => context.close() };
}

function rootModule(service: Type | DynamicModule, runtime: Runtime): Type {
  @Module({ imports: [RuntimeModule.of(runtime), service] })
  class ServiceRoot {}
  return ServiceRoot;
}

async function openBroker(settings: EngineConfiguration, logger: Logger, observer: MessagingObserver): Promise<Broker> {
  if (!settings.RABBITMQ_URL) return new MemoryBroker({ onDeadLetter: (queue) => observer.deadLetter(queue) });
  return RabbitBroker.connect({
    url: settings.RABBITMQ_URL,
    log: logger,
    onPoison: (queue, error) => {
      observer.deadLetter(queue);
      logger.error({ queue, error }, 'a message was given up and lies in the dead letters');
    },
  });
}

async function openDatabase<Settings extends EngineConfiguration>(
  definition: ServiceDefinition<Settings>,
  settings: Settings,
  logger: Logger,
): Promise<Database | null> {
  if (!definition.tables) return null;
  const options = {
    service: definition.name,
    mysqlUrl: settings.MYSQL_URL,
    dataDirectory: settings.DATA_DIR,
    entities: definition.tables.entities,
    migrations: [...sharedMigrations, ...definition.tables.migrations],
  };
  return openDatabasePatiently(options, logger);
}

function watch({ metrics, health, broker, client, database, cache, clock }: Runtime): void {
  watchBroker(metrics, broker);
  watchClient(metrics, client);
  health.add({
    name: 'broker',
    check: async () => {
      if (!broker.connected) throw Object.assign(new Error('not connected'), { code: 'NOT_CONNECTED' });
    },
  });
  if (database) {
    watchDatabase(metrics, database, clock);
    health.add({ name: 'database', check: () => database.ping() });
  }
  if (cache) health.add({ name: 'cache', check: () => cache.ping() });
}

interface Stoppable {
  runtime: Runtime;
  application: StartedApplication;
  relay: OutboxRelay | null;
  standings: StandingRegister | null;
  operationsServer: Server | null;
  shared: SharedParts;
}

async function stopInOrder({
  runtime,
  application,
  relay,
  standings,
  operationsServer,
  shared,
}: Stoppable): Promise<void> {
  runtime.health.drain();
  await application.stop();
  await standings?.stop();
  await relay?.stop();
  if (!shared.broker) await runtime.broker.close();
  if (runtime.cache && !shared.cache) await runtime.cache.close();
  await runtime.scoreSets?.close();
  await runtime.database?.close();
  operationsServer?.closeAllConnections();
  await new Promise<void>((resolve) => (operationsServer ? operationsServer.close(() => resolve()) : resolve()));
  runtime.logger.info({}, 'stopped');
}
