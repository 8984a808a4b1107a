import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, communityDay } from '#calendar';
import type { EngineConfiguration } from '#config';
import {
  defaultPermissionsOf,
  eventQueueNames,
  type Actor,
  type Call,
  type EventContract,
  type PayloadOf,
  type Role,
} from '#contracts';
import type { Database } from '#database';
import type { EventMessage } from '#messaging';
import { startService, type RunningService, type ServiceDefinition } from '#service';
import type { DatabaseEngine } from './database.engines.js';
import { freshEncryptionKeys } from './encryption.keys.js';
import { eventually } from './eventually.js';
import { PatientBroker } from './patient.broker.js';

const clockToleranceMs = 500;
const dayMs = 86_400_000;
/** The community's calendar, unless a suite sets another. */
const communityTimezone = 'Asia/Shanghai';
/** Noon there. */
const noonMs = 4 * 3_600_000;
/** The same for all services of a suite. */
const untilNoonMs = (dayMs + noonMs - (Date.now() % dayMs)) % dayMs;

/** A real service on a database of its own, alone on an in-process broker; every event it publishes is kept for the test. */
export class ServiceHost {
  readonly broker = new PatientBroker();
  readonly events: EventMessage[] = [];
  private running: RunningService | null = null;
  private clockFile = '';
  /** What the clock is ahead when it is not moved. */
  private aheadMs = 0;

  /** Starts `definition`; queues that it does not read itself are read here, so that its outbox flows. */
  static async start<Settings extends EngineConfiguration>(
    definition: ServiceDefinition<Settings>,
    engine: DatabaseEngine,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<ServiceHost> {
    const host = new ServiceHost();
    host.clockFile = join(engine.place.dataDirectory, `clock-${randomUUID()}`);
    host.running = await startService(definition, {
      broker: host.broker,
      listenForOperations: false,
      runtimeMetrics: false,
      environment: {
        DATA_DIR: engine.place.dataDirectory,
        ...(engine.place.mysqlUrl && { MYSQL_URL: engine.place.mysqlUrl }),
        LOG_LEVEL: 'silent',
        ...freshEncryptionKeys(),
        CLOCK_OFFSET_FILE: host.clockFile,
        ...environment,
      },
    });
    // The audit queue gets every event; where the service reads it itself, this is a second reader.
    for (const queue of eventQueueNames.filter((name) => name !== definition.eventQueue)) {
      await host.broker.subscribe(queue, async (batch) => host.keep(batch));
    }
    return host;
  }

  get service(): RunningService {
    if (!this.running) throw new Error('the service is not running');
    return this.running;
  }

  get client(): RunningService['runtime']['client'] {
    return this.service.runtime.client;
  }

  /** The service's own tables, past its handlers. @throws Error for a service that has none. */
  get database(): Database {
    const { database } = this.service.runtime;
    if (!database) throw new Error('the service has no database');
    return database;
  }

  /** Events of one kind, in the order in which they were published. */
  messagesOf(contract: EventContract): EventMessage[] {
    return this.events.filter(({ name }) => name === contract.name);
  }

  /** The same without their envelopes. */
  payloadsOf<Contract extends EventContract>(contract: Contract): PayloadOf<Contract>[] {
    return this.messagesOf(contract).map(({ payload }) => payload as PayloadOf<Contract>);
  }

  /** Publishes what another service tells, at the service's time. */
  tell<Contract extends EventContract>(contract: Contract, payload: PayloadOf<Contract>): Promise<void> {
    return this.broker.publish([
      {
        id: randomUUID(),
        name: contract.name,
        service: contract.owner,
        occurred_at: this.service.runtime.clock.now().toISOString(),
        call: callOf({ kind: 'system', name: 'test' }),
        payload,
      },
    ]);
  }

  /** What the service's clock shows when it is not moved: the wall clock, or with `moveToNoon` noon and a little. */
  get homeTime(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** The community's day at that time, or one so many days from it. */
  homeDay(offset = 0): string {
    return addDays(communityDay(this.homeTime, communityTimezone), offset);
  }

  /**
   * From now on the clock is moved from the community's next noon on, not from the time on the wall: what is about days then has half a
   * day until one ends, whenever it is run.
   */
  async moveToNoon(): Promise<void> {
    this.aheadMs = untilNoonMs;
    await this.moveClock(0);
  }

  /** Moves the service's clock; resolves when the service has noticed. */
  async moveClock(offsetMs: number): Promise<void> {
    writeFileSync(this.clockFile, String(this.aheadMs + offsetMs));
    await eventually(() => {
      const offBy = this.service.runtime.clock.now().getTime() - (this.homeTime.getTime() + offsetMs);
      if (Math.abs(offBy) > clockToleranceMs) throw new Error(`the clock is ${offBy} ms off`);
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    await this.broker.close();
    rmSync(this.clockFile, { force: true });
  }

  /** An event that several queues want arrives here several times. */
  private keep(batch: readonly EventMessage[]): void {
    const known = new Set(this.events.map(({ id }) => id));
    this.events.push(...batch.filter(({ id }) => !known.has(id)));
  }
}

/** A call as the edge makes it for a signed-in member, with the permissions a role has from the start. */
export function memberCall(userId: number, role: Role = 'member', change: { stepped_up?: boolean } = {}): Call {
  return callOf({ kind: 'user', user_id: userId, role, permissions: defaultPermissionsOf(role), ...change });
}

export function callOf(actor: Actor): Call {
  return { request_id: randomUUID(), actor, channel: 'rest', locale: 'en' };
}
