import type { Dashboard } from '../../deploy/grafana/dashboard.builder.js';
import type { Panel, Target } from '../../deploy/grafana/panel.builder.js';
import { groupingLabelsOf, selectionsOf, type Selection } from './expression.reader.js';
import { metricOfSeries, targetLabels } from './platform-metrics.js';

const overTime = new Set(['rate', 'increase', 'irate', 'resets']);
const grafanaRanges = new Set(['$__rate_interval', '$__range']);
const anyDatasource = '${datasource}';

/** What is wrong with a dashboard, one sentence each; empty when it follows all rules. */
export function lintDashboard(dashboard: Dashboard): string[] {
  const variables = new Set(dashboard.templating.list.map(({ name }) => name));
  const needed = ['datasource', 'service'].filter((name) => !variables.has(name));
  return [
    ...(dashboard.title && dashboard.description ? [] : ['the dashboard has no title or no description']),
    ...needed.map((name) => `the dashboard has no variable $${name}`),
    ...overlaps(dashboard.panels),
    ...dashboard.panels.filter(({ type }) => type !== 'row').flatMap(lintPanel),
  ];
}

function lintPanel(panel: Panel): string[] {
  const problems: string[] = [];
  if (!panel.title) problems.push('no title');
  if (!panel.description) problems.push('no description');
  if (!panel.fieldConfig?.defaults['unit']) problems.push('no unit');
  if (panel.datasource?.uid !== anyDatasource) problems.push('the data source is not the variable');
  if (!panel.targets?.length) problems.push('no query');
  problems.push(...(panel.targets ?? []).flatMap(lintTarget));
  return problems.map((problem) => `${panel.title || `panel ${panel.id}`}: ${problem}`);
}

function lintTarget({ expr, legendFormat, datasource }: Target): string[] {
  const problems: string[] = [];
  if (!legendFormat) problems.push('a query without a legend');
  if (datasource.uid !== anyDatasource) problems.push('a query with a fixed data source');
  return [...problems, ...lintExpression(expr), ...selectionsOf(expr).flatMap(lintRange)];
}

/** Rules for any expression: metrics and labels exist, counters stand under rate() or increase(), and only they do. */
export function lintExpression(expression: string): string[] {
  const selections = selectionsOf(expression);
  const metrics = selections.map(({ series }) => metricOfSeries(series));
  const known = new Set([...targetLabels, ...metrics.flatMap((metric) => metric?.labels ?? [])]);
  const isRecorded = selections.some(({ series }) => series.includes(':'));
  const strange = isRecorded ? [] : groupingLabelsOf(expression).filter((label) => !known.has(label));
  return [
    ...selections.flatMap(lintSelection),
    ...strange.map((label) => `grouped by ${label}, which none of its metrics has`),
  ];
}

function lintSelection({ series, labels, calledBy }: Selection): string[] {
  // A recorded series has colons in its name; promtool knows whether it exists.
  if (series.includes(':')) return [];
  const metric = metricOfSeries(series);
  if (!metric) return [`${series} is no metric of this platform`];
  const allowed = [...metric.labels, ...targetLabels];
  const problems = labels.filter((label) => !allowed.includes(label)).map((label) => `${series} has no label ${label}`);
  const changes = calledBy !== undefined && overTime.has(calledBy);
  if (metric.type === 'counter' && !changes) problems.push(`the counter ${series} is not under rate() or increase()`);
  if (metric.type === 'gauge' && changes) problems.push(`${calledBy}() of the gauge ${series}`);
  return problems;
}

function lintRange({ series, range }: Selection): string[] {
  return range === undefined || grafanaRanges.has(range) ? [] : [`${series}[${range}] has a fixed range`];
}

function overlaps(panels: Panel[]): string[] {
  const taken = new Map<string, string>();
  const problems = new Set<string>();
  for (const { title, gridPos } of panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        const other = taken.get(`${x},${y}`);
        if (other !== undefined) problems.add(`${title} lies on ${other}`);
        taken.set(`${x},${y}`, title);
      }
    }
    if (gridPos.x + gridPos.w > 24) problems.add(`${title} is wider than the page`);
  }
  return [...problems];
}
