import { Global, Inject, Module, type DynamicModule } from '@nestjs/common';
import type { ServiceName } from '#contracts';
import type { Cache, ScoreSets } from '#cache';
import { Database } from '#database';
import { MessageClient, UnitOfWork, type Broker, type Clock } from '#messaging';
import { Health } from './health.js';
import { keepInboxShort } from './inbox.keeper.js';
import { JobRunner } from './job.runner.js';
import type { Logger } from './logger.js';
import { Metrics } from './metrics.js';

/** Everything a service is given; what has no class of its own is injected by these tokens. */
const clockToken = Symbol('clock');
const loggerToken = Symbol('logger');
const brokerToken = Symbol('broker');
const cacheToken = Symbol('cache');
const scoreSetsToken = Symbol('score sets');
export const settingsToken = Symbol('settings');

export const InjectClock = (): ParameterDecorator & PropertyDecorator => Inject(clockToken);
export const InjectLogger = (): ParameterDecorator & PropertyDecorator => Inject(loggerToken);
export const InjectBroker = (): ParameterDecorator & PropertyDecorator => Inject(brokerToken);
export const InjectCache = (): ParameterDecorator & PropertyDecorator => Inject(cacheToken);
export const InjectScoreSets = (): ParameterDecorator & PropertyDecorator => Inject(scoreSetsToken);
/** The service's validated settings (its `*.env.ts`). */
export const InjectSettings = (): ParameterDecorator & PropertyDecorator => Inject(settingsToken);

export interface Runtime {
  readonly service: ServiceName;
  readonly settings: object;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly broker: Broker;
  readonly client: MessageClient;
  readonly cache: Cache | null;
  readonly scoreSets: ScoreSets | null;
  readonly database: Database | null;
  readonly unitOfWork: UnitOfWork | null;
}

@Global()
@Module({})
export class RuntimeModule {
  static of(runtime: Runtime): DynamicModule {
    const values: [unknown, unknown][] = [
      [clockToken, runtime.clock],
      [loggerToken, runtime.logger],
      [brokerToken, runtime.broker],
      [cacheToken, runtime.cache],
      [scoreSetsToken, runtime.scoreSets],
      [settingsToken, runtime.settings],
      [Metrics, runtime.metrics],
      [Health, runtime.health],
      [MessageClient, runtime.client],
      [Database, runtime.database],
      [UnitOfWork, runtime.unitOfWork],
    ];
    const providers = values
      .filter(([, value]) => value !== null)
      .map(([provide, useValue]) => ({ provide: provide as symbol, useValue }));
    const jobs = { provide: JobRunner, useFactory: () => jobsOf(runtime) };
    return {
      module: RuntimeModule,
      providers: [...providers, jobs],
      exports: [...providers.map(({ provide }) => provide), JobRunner],
    };
  }
}

/** The runner of the service's jobs, with the one that every service with tables has. */
function jobsOf({ database, clock, logger, metrics }: Runtime): JobRunner {
  const jobs = new JobRunner({ database, clock, logger, metrics });
  if (database) keepInboxShort(jobs, { database, clock });
  return jobs;
}
