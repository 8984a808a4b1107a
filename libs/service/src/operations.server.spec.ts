import { describe, expect, it } from 'vitest';
import { Health } from './health.js';
import { Metrics } from './metrics.js';
import { Operations } from './operations.server.js';

function partOf(service: 'user' | 'points') {
  const metrics = new Metrics(service, { runtime: false });
  metrics.counter('coser_shared_total', 'Both have it').inc();
  metrics.histogram('coser_shared_seconds', 'Both have it, "quoted"', ['kind']).labels('a').observe(0.1);
  if (service === 'points') metrics.counter('coser_own_total', 'One has it', ['kind']).labels('x\ny').inc(2);
  return { health: new Health(service), metrics };
}

describe('the metrics of services that share a process', () => {
  it('stand on one page, each metric described once and with the series of all', async () => {
    const answer = await new Operations([partOf('user'), partOf('points')]).answer('/metrics');
    const lines = answer?.body.split('\n') ?? [];
    expect(answer?.status).toBe(200);
    expect(lines.filter((line) => line.startsWith('# HELP'))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toHaveLength(3);
    const at = lines.indexOf('# TYPE coser_shared_total counter');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      'coser_shared_total{service="user"} 1',
      'coser_shared_total{service="points"} 1',
      '',
    ]);
    expect(lines).toContain('coser_own_total{kind="x\\ny",service="points"} 2');
    expect(lines.filter((line) => line.startsWith('coser_shared_seconds_count'))).toHaveLength(2);
  });

  it('stand as they are when there is one service', async () => {
    const part = partOf('user');
    const answer = await new Operations([part]).answer('/metrics');
    expect(answer?.body).toBe(await part.metrics.registry.metrics());
  });
});
