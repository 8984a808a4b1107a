import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { alertExpressions, dashboardExpressions, rulesFolder } from '../tools/deploy/expressions.js';
import { serviceMetrics } from '../tools/deploy/platform-metrics.js';
import { findProgram } from '../tools/deploy/program.js';
import { startPrometheus, type PrometheusServer } from '../tools/deploy/prometheus-server.js';
import { makeLittleLoad, type Canary } from './observability/little.load.js';
import { logLines, type LogLine } from './observability/log.reader.js';
import { metricFamilies, promtoolComplaints } from './observability/metrics.reader.js';
import { hasRealEngines, reportLogsOnFailure, serviceNames } from './platform/index.js';
import { EngineRelay, relayedEngines, type RelayedEngine } from './stages/engine.relays.js';
import { freshKey } from './stages/fresh.names.js';
import { openRealStage, type RealStage } from './stages/index.js';

const prometheusProgram = process.env['PROMETHEUS_BINARY'] ?? findProgram('prometheus');
const rabbitMetricsUrl = process.env['TEST_RABBITMQ_PROMETHEUS_URL'];
const canObserve = hasRealEngines && prometheusProgram !== undefined && rabbitMetricsUrl !== undefined;

/** Which services must say so when an engine is away. */
const users: Record<RelayedEngine, { check: string; services: readonly (typeof serviceNames)[number][] }> = {
  mysql: { check: 'database', services: ['user', 'entitlement', 'points', 'notification'] },
  rabbitmq: { check: 'broker', services: serviceNames },
  redis: { check: 'cache', services: ['gateway'] },
  mongodb: { check: 'audit', services: ['user'] },
};

interface HealthPage {
  status: string;
  services: Record<string, { status: string; checks: Record<string, { status: string }> }>;
}

describe('the real platform under observation', () => {
  let relay: EngineRelay;
  let stage: RealStage;
  let prometheus: PrometheusServer;
  let canaries: Canary[];
  beforeEach(({ skip }) => skip(!canObserve, 'needs the real engines, RabbitMQ with its metrics, and Prometheus'));
  beforeAll(async () => {
    if (!canObserve) return;
    relay = await EngineRelay.start();
    stage = await openRealStage(
      {
        updates: 'webhook',
        environment: { LOG_LEVEL: 'debug', VERIFICATIONS_PER_IP_PER_HOUR: '5', AUTH_SECRET: freshKey().repeat(3) },
      },
      relay.ports,
    );
    prometheus = await startPrometheus({ targets: targets(), rulesDir: rulesFolder, binary: prometheusProgram });
    canaries = await makeLittleLoad(stage);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await stage?.stop();
    await relay?.stop();
  });
  reportLogsOnFailure(() => stage);

  it('shows something in every panel of the dashboards', async () => {
    await eventually(
      async () => {
        const empty: string[] = [];
        for (const { name, expression } of dashboardExpressions()) {
          if ((await prometheus.query(expression)).length === 0) empty.push(`${name}: ${expression}`);
        }
        expect(empty).toEqual([]);
      },
      { timeoutMs: 60_000, intervalMs: 1_000 },
    );
  });

  it('evaluates every alert and every recorded series, and none of ours fires in good times', async () => {
    for (const { name, expression } of alertExpressions())
      await expect(prometheus.query(expression), name).resolves.toBeInstanceOf(Array);
    const recorded = alertExpressions().filter(({ kind }) => kind === 'record');
    for (const { name } of recorded) expect((await prometheus.query(name)).length, name).toBeGreaterThan(0);
    const firing = await prometheus.query(
      'ALERTS{alertstate="firing", alertname!~"QueueWithoutConsumer|QueueBacklog|DeadLetters"}',
    );
    expect(firing.map(({ metric }) => metric['alertname'])).toEqual([]);
  });

  it('exports what the dashboards may draw on, well named and described', async () => {
    const families = new Map<string, string>();
    for (const service of serviceNames) {
      const page = await pageOf(service, '/metrics');
      expect([service, promtoolComplaints(page)]).toEqual([service, []]);
      for (const [name, type] of metricFamilies(page)) families.set(name, type);
    }
    for (const [name, { type }] of Object.entries(serviceMetrics))
      expect([name, families.get(name)]).toEqual([name, type]);
  });

  it('follows a request through the logs of gateway, points and notification', async () => {
    const { rest } = await stage.person({ first_name: 'Traced', language_code: 'en' });
    const requestId = `traced-${freshKey()}`;
    await rest.post('/v1/check-ins', { headers: { 'x-request-id': requestId } });
    await eventually(() => {
      const services = linesOf(requestId).map(({ service }) => service);
      expect(services).toEqual(expect.arrayContaining(['gateway', 'points', 'notification']));
    });
    const handled = linesOf(requestId).filter(({ message }) => message === 'command' || message === 'request');
    expect(handled).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ service: 'points', contract: 'points.check_in.v1', outcome: 'ok' }),
        expect.objectContaining({ service: 'gateway', route: '/v1/check-ins', status: 201 }),
      ]),
    );
  });

  it('writes JSON lines that hold no secret and no address', () => {
    const { text, malformed } = logLines(stage.platform.wholeLogs());
    expect(malformed).toEqual([]);
    expect(canaries.length).toBeGreaterThanOrEqual(20);
    expect(canaries.filter(({ value }) => text.includes(value)).map(({ what }) => what)).toEqual([]);
  });

  it('names every dependency on the health pages', async () => {
    for (const service of serviceNames) {
      const page = JSON.parse(await pageOf(service, '/health')) as HealthPage;
      const checks = Object.keys(page.services[service]?.checks ?? {});
      const wanted = relayedEngines.filter((engine) => users[engine].services.includes(service));
      expect([service, page.status, checks]).toEqual([
        service,
        'ok',
        expect.arrayContaining(wanted.map((engine) => users[engine].check)),
      ]);
    }
  });

  it.each(relayedEngines)('is not ready without %s, but alive, and ready again when it is back', async (engine) => {
    const { check, services } = users[engine];
    relay.takeAway(engine);
    for (const service of services) {
      await eventually(async () => {
        const answer = await request(`${stage.platform.operationsUrl(service)}/health/ready`);
        const page = (await answer.body.json()) as HealthPage;
        const state = page.services[service]?.checks[check]?.status;
        expect([service, answer.statusCode, state]).toEqual([service, 503, 'down']);
      });
      expect(await statusOf(service, '/health/live')).toBe(200);
    }
    relay.giveBack(engine);
    for (const service of services)
      await eventually(
        async () => expect([service, await statusOf(service, '/health/ready')]).toEqual([service, 200]),
        {
          timeoutMs: 30_000,
        },
      );
  });

  function targets() {
    const services = serviceNames.map((service) => ({
      job: service,
      address: new URL(stage.platform.operationsUrl(service)).host,
    }));
    const rabbitmq = {
      job: 'rabbitmq',
      address: new URL(rabbitMetricsUrl ?? '').host,
      metricsPath: '/metrics/per-object',
    };
    return [...services, rabbitmq];
  }

  async function pageOf(service: (typeof serviceNames)[number], path: string): Promise<string> {
    return (await request(`${stage.platform.operationsUrl(service)}${path}`)).body.text();
  }

  async function statusOf(service: (typeof serviceNames)[number], path: string): Promise<number> {
    const { statusCode, body } = await request(`${stage.platform.operationsUrl(service)}${path}`);
    await body.dump();
    return statusCode;
  }

  function linesOf(requestId: string): LogLine[] {
    const { lines } = logLines(stage.platform.wholeLogs());
    return lines.filter((line) => line.request_id === requestId);
  }
});
