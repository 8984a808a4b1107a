import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { auditEntryOf, AuditUnavailableError, type AuditStore } from '#audit';
import { InjectBroker, InjectLogger, Metrics, type Logger } from '#service';
import { NotNowError, type Broker, type Consumer, type EventMessage } from '#messaging';
import { InjectAuditStore } from './audit-store.parts.js';

const batchSize = 200;
/** Nobody waits for an audit entry, and an insert costs the store much the same for one as for fifty. */
const gatherMs = 250;

/** Keeps every event of the platform as an audit entry (O-04). The entry's id is the event's, so a repeat changes nothing. */
@Injectable()
export class AuditRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumer: Consumer | null = null;
  private readonly kept: Counter;

  constructor(
    @InjectBroker() private readonly broker: Broker,
    @InjectAuditStore() private readonly store: AuditStore,
    @InjectLogger() private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.kept = metrics.counter('coser_audit_entries_total', 'Audit entries written');
  }

  async onApplicationBootstrap(): Promise<void> {
    this.consumer = await this.broker.subscribe('events.audit', (batch) => this.keep(batch), { batchSize, gatherMs });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumer?.stop();
  }

  private async keep(batch: readonly EventMessage[]): Promise<void> {
    const entries = batch.map(auditEntryOf);
    try {
      await this.store.append(entries);
    } catch (error) {
      if (!(error instanceof AuditUnavailableError)) throw error;
      this.logger.warn({ error }, 'audit entries could not be written, they wait');
      throw new NotNowError(error);
    }
    this.kept.inc(entries.length);
  }
}
