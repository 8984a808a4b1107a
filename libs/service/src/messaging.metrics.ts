import { allContracts } from '#contracts';
import { fromSqlTimeOrNull, type Database } from '#database';
import { outboxState, type Broker, type Clock, type MessageClient, type MessagingObserver } from '#messaging';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** Turns what the messaging tells into metrics and log lines. */
export function messagingObserver(metrics: Metrics, logger: Logger): MessagingObserver {
  const requests = metrics.histogram(
    'coser_rpc_duration_seconds',
    'Commands and queries handled, by contract and outcome',
    ['contract', 'outcome'],
  );
  const events = metrics.histogram('coser_event_duration_seconds', 'Events handled, by event and outcome', [
    'event',
    'outcome',
  ]);
  const published = metrics.counter('coser_outbox_published_total', 'Events published from the outbox');
  const duplicates = metrics.counter('coser_inbox_duplicates_total', 'Events that had been handled before');
  const deadLetters = metrics.counter('coser_dead_letters_total', 'Messages given up', ['queue']);
  // By these lines a request is followed through the services (O-02). They hold nothing to cut out, and looking for it is dear.
  const lines = logger.child({}, { redact: [] });
  return {
    requestHandled(contract, outcome, seconds, requestId) {
      requests.labels(contract, outcome).observe(seconds);
      const line = { request_id: requestId, contract, outcome, milliseconds: Math.round(seconds * 1000) };
      if (allContracts.get(contract)?.kind === 'command') lines.info(line, 'command');
      else lines.debug(line, 'query');
    },
    eventHandled(event, outcome, seconds, requestId) {
      events.labels(event, outcome).observe(seconds);
      lines.debug({ request_id: requestId, event, outcome }, 'event');
      if (outcome === 'duplicate') duplicates.inc();
    },
    eventsPublished: (count) => published.inc(count),
    relayFailed: (error) => logger.warn({ error }, 'the outbox could not be published, it will be tried again'),
    deadLetter(queue) {
      deadLetters.labels(queue).inc();
      logger.error({ queue }, 'a message became a dead letter');
    },
    unexpected: (error, { contract, requestId }) =>
      logger.error({ error, contract, request_id: requestId }, 'unexpected error'),
  };
}

export function watchClient(metrics: Metrics, client: MessageClient): void {
  metrics.gauge(
    'coser_rpc_client_in_flight',
    'Requests of this service without an answer so far, by the service that was asked',
    (gauge) => {
      for (const [service, count] of client.inFlight) gauge.labels(service).set(count);
    },
    ['service_target'],
  );
}

export function watchBroker(metrics: Metrics, broker: Broker): void {
  metrics.gauge('coser_broker_connected', 'Whether messages can be sent', (gauge) =>
    gauge.set(broker.connected ? 1 : 0),
  );
}

export function watchDatabase(metrics: Metrics, database: Database, clock: Clock): void {
  metrics.gauge(
    'coser_database_pool_connections',
    'Connections of the pool by state',
    (gauge) => {
      const state = database.poolState();
      gauge.labels('active').set(state.active);
      gauge.labels('idle').set(state.idle);
      gauge.labels('waiting').set(state.waiting);
    },
    ['state'],
  );
  const lag = metrics.gauge(
    'coser_outbox_lag_seconds',
    'Age of the oldest event that waits to be published',
    () => undefined,
  );
  metrics.gauge('coser_outbox_pending', 'Events that wait to be published', async (gauge) => {
    const state = await outboxState(database.reader).catch(() => null);
    if (!state) return;
    gauge.set(state.pending);
    const oldest = fromSqlTimeOrNull(state.oldestAt);
    lag.set(oldest ? Math.max(0, (clock.now().getTime() - oldest.getTime()) / 1000) : 0);
  });
}
