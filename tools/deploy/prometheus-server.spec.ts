import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { alertExpressions, dashboardExpressions, rulesFolder } from './expressions.js';
import { findProgram } from './program.js';
import { type PrometheusServer, startPrometheus } from './prometheus-server.js';

const binary = findProgram('prometheus');
/** It reads every second, where the machine lets it. */
const patiently = { timeoutMs: 45_000 };

describe.skipIf(!binary)('a real Prometheus', () => {
  let exporter: Server;
  let address: string;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    exporter = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(`coser_outbox_pending{path="${request.url}"} 7\n`);
    }).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    address = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    prometheus = await startPrometheus({
      targets: [
        { job: 'points', address, labels: { zone: 'a' } },
        { job: 'points', address, labels: { zone: 'b' }, metricsPath: '/metrics/per-object' },
      ],
      rulesDir: rulesFolder,
      binary,
    });
  });

  afterAll(async () => {
    await prometheus?.stop();
    exporter.close();
  });

  it('reads every target with its job, labels and path', async () => {
    await eventually(async () => {
      const samples = await prometheus.query('sum by (job, zone, path) (coser_outbox_pending)');
      expect(samples).toEqual(
        expect.arrayContaining([
          { metric: { job: 'points', zone: 'a', path: '/metrics' }, value: 7 },
          { metric: { job: 'points', zone: 'b', path: '/metrics/per-object' }, value: 7 },
        ]),
      );
    }, patiently);
  });

  it('evaluates the rules: a service that is not there is an alert', async () => {
    await eventually(async () => {
      const samples = await prometheus.query('ALERTS{alertname="ServiceDown"}');
      expect(samples.map(({ metric }) => metric['job']).sort()).toEqual([
        'entitlement',
        'gateway',
        'notification',
        'user',
      ]);
    }, patiently);
  });

  it.each([...dashboardExpressions(), ...alertExpressions()])('can run $source: $name', async ({ expression }) => {
    await expect(prometheus.query(expression)).resolves.toBeInstanceOf(Array);
  });

  it('answers a scalar without labels', async () => {
    expect(await prometheus.query('scalar(vector(2)) + 1')).toEqual([{ metric: {}, value: 3 }]);
  });

  it('says what is wrong with an expression', async () => {
    await expect(prometheus.query('sum(')).rejects.toThrow(/sum\(: .*parse error/s);
  });

  it('says why it did not start', async () => {
    const wrong = [{ job: 'points', address: 'http://points:9103' }];
    await expect(startPrometheus({ targets: wrong, binary })).rejects.toThrow(
      /ended with code \d+:\n.*not a valid hostname/s,
    );
    await expect(startPrometheus({ targets: [], binary: 'no-such-program' })).rejects.toThrow(
      /did not start: .*ENOENT/,
    );
  });
});
