import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dashboard } from '../../deploy/grafana/dashboard.builder.js';
import { chart, type PanelDraft } from '../../deploy/grafana/panel.builder.js';
import { lintDashboard, lintExpression } from './dashboard.linter.js';
import { dashboardExpressions, dashboards, repositoryRoot, withoutVariables } from './expressions.js';
import { serviceMetrics } from './platform-metrics.js';

describe('the dashboards', () => {
  it.each([...dashboards()])('%s follows the rules', (_name, content) => {
    expect(lintDashboard(content)).toEqual([]);
  });

  it('show every metric of the services', () => {
    const text = dashboardExpressions()
      .map(({ expression }) => expression)
      .join('\n');
    const missing = Object.keys(serviceMetrics).filter((name) => !text.includes(name));
    expect(missing).toEqual([]);
  });

  it('hold no variable any more when they are to be run', () => {
    const left = dashboardExpressions().filter(({ expression }) => expression.includes('$'));
    expect(left).toEqual([]);
    expect(withoutVariables('rate(a{b=~"$c", d="${e:regex}"}[$__rate_interval]) / rate(a[${__range}])')).toBe(
      'rate(a{b=~".*", d=".*"}[1m]) / rate(a[1h])',
    );
  });
});

const good = chart({
  title: 'Check-ins',
  description: 'Check-ins per second.',
  unit: 'cps',
  queries: [['sum(rate(coser_check_ins_total[$__rate_interval]))', 'check-ins']],
});
const [goodTarget] = good.targets ?? [];

function problemsOf(panel: PanelDraft): string[] {
  const rows = [{ title: 'Row', columns: 2, height: 8, panels: [panel] }];
  return lintDashboard(dashboard({ uid: 'test', title: 'Test', description: 'A test.', rows }));
}

function query(expr: string): PanelDraft {
  return { ...good, targets: goodTarget ? [{ ...goodTarget, expr }] : [] };
}

describe('the rules for dashboards', () => {
  it('let a good panel pass', () => expect(problemsOf(good)).toEqual([]));

  it.each<[string, PanelDraft, string]>([
    ['a title', { ...good, title: '' }, 'panel 2: no title'],
    ['a description', { ...good, description: '' }, 'Check-ins: no description'],
    ['a unit', { ...good, fieldConfig: { defaults: {}, overrides: [] } }, 'Check-ins: no unit'],
    ['a query', { ...good, targets: [] }, 'Check-ins: no query'],
    [
      'the data source by variable',
      { ...good, datasource: { type: 'prometheus', uid: 'fixed' as '${datasource}' } },
      'Check-ins: the data source is not the variable',
    ],
    [
      'a range by variable',
      query('rate(coser_check_ins_total[5m])'),
      'Check-ins: coser_check_ins_total[5m] has a fixed range',
    ],
    ['known metrics', query('sum(coser_unheard_of)'), 'Check-ins: coser_unheard_of is no metric of this platform'],
  ])('ask for %s', (_name, panel, problem) => expect(problemsOf(panel)).toEqual([problem]));

  it('ask for both variables and for panels beside each other', () => {
    const rows = [{ title: 'Row', columns: 2, height: 8, panels: [good, good] }];
    const content = dashboard({ uid: 'test', title: 'Test', description: 'A test.', rows });
    const bad = { ...content, templating: { list: [] } };
    for (const panel of bad.panels) panel.gridPos = { x: 20, y: 0, w: 6, h: 1 };
    expect(lintDashboard(bad)).toEqual(
      expect.arrayContaining([
        'the dashboard has no variable $datasource',
        'the dashboard has no variable $service',
        'Check-ins lies on Row',
        'Check-ins is wider than the page',
      ]),
    );
  });
});

describe('the rules for expressions', () => {
  it.each([
    ['sum(coser_check_ins_total)', 'the counter coser_check_ins_total is not under rate() or increase()'],
    [
      'coser_rpc_duration_seconds_count',
      'the counter coser_rpc_duration_seconds_count is not under rate() or increase()',
    ],
    ['coser_rpc_duration_seconds', 'coser_rpc_duration_seconds is no metric of this platform'],
    ['rate(coser_outbox_pending[5m])', 'rate() of the gauge coser_outbox_pending'],
    ['max(coser_outbox_pending{queue="a"})', 'coser_outbox_pending has no label queue'],
    ['sum by (kind) (rate(coser_check_ins_total[5m]))', 'grouped by kind, which none of its metrics has'],
  ])('refuse %s', (expression, problem) => expect(lintExpression(expression)).toEqual([problem]));

  it.each([
    'max by (service) (coser_outbox_pending offset 5m) > 1.5e3 and on (service) up{job="a"} == bool 1',
    'histogram_quantile(0.99, sum by (le, route) (rate(coser_http_request_duration_seconds_bucket{status!~"5.."}[5m])))',
    '(sum(increase(coser_points_issued_total{type="a{b}c[1]"}[1h])) or vector(0)) / scalar(count(up))',
  ])('let pass %s', (expression) => expect(lintExpression(expression)).toEqual([]));
});

describe('the list of metrics', () => {
  it('knows every metric that the sources define, with its type', () => {
    const definition = /\.(histogram|counter|gauge)\(\s*'(coser_\w+)'/g;
    const defined = readSources().flatMap((text) =>
      [...text.matchAll(definition)].map(([, type = '', name = '']) => ({ name, type })),
    );
    const strange = defined.filter(({ name, type }) => serviceMetrics[name]?.type !== type);
    expect(strange).toEqual([]);
  });
});

function readSources(): string[] {
  return ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts'))
      .map((name) => readFileSync(join(repositoryRoot, folder, name), 'utf8')),
  );
}
