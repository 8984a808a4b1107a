import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import type { EngineConfiguration } from '#config';
import type { EventQueueName, ServiceName } from '#contracts';
import type { EntityClass, MigrationClass } from '#database';
import type { Operations } from './operations.server.js';
import type { PersonalData } from './privacy/personal.data.js';
import type { Runtime } from './runtime.js';

/** The entities and migrations of a service that has tables. */
export interface Tables {
  readonly entities: EntityClass[];
  readonly migrations: MigrationClass[];
}

/** A service on one page: its module, its settings, its tables, the events it hears. */
export interface ServiceDefinition<Settings extends EngineConfiguration = EngineConfiguration> {
  readonly name: ServiceName;
  readonly module: Type | DynamicModule;
  readonly readSettings: (environment?: NodeJS.ProcessEnv) => Settings;
  readonly tables?: Tables;
  /** What it keeps about members, and what becomes of it when one is erased (U-15). */
  readonly personalData?: PersonalData;
  readonly eventQueue?: EventQueueName;
  readonly usesCache?: boolean;
  /** Members in the order of their scores, for leaderboards (P-08). */
  readonly usesScoreSets?: boolean;
  /** Port of `/health` and `/metrics`. */
  readonly operationsPort: (settings: Settings) => number;
  /** Requests handled at a time. */
  readonly concurrency?: number;
  /** Only the gateway: makes the Nest application that also speaks HTTP; everyone else is a pure microservice. */
  readonly createApplication?: (edge: Edge) => Promise<RunningApplication>;
}

/** What the edge builds its application from. */
export interface Edge {
  readonly runtime: Runtime;
  readonly module: Type;
  readonly operations: Operations;
}

export interface RunningApplication {
  readonly context: INestApplicationContext;
  /** Where it listens, once it does. */
  readonly url: string;
}
