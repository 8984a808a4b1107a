import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Dashboard } from '../../deploy/grafana/dashboard.builder.js';

export const repositoryRoot = resolve(import.meta.dirname, '../..');
export const rulesFolder = join(repositoryRoot, 'deploy/prometheus/rules');
const dashboardsFolder = join(repositoryRoot, 'deploy/grafana/dashboards');

/** An expression that Prometheus can run as it stands, and where it was found. */
export interface SourcedExpression {
  /** File name of the dashboard or of the rules. */
  source: string;
  /** Title of the panel, or name of the alert or the recorded series. */
  name: string;
  kind: 'panel' | 'alert' | 'record';
  expression: string;
}

export interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Every dashboard in deploy/grafana/dashboards, by file name. */
export function dashboards(): Map<string, Dashboard> {
  return new Map(
    filesOf(dashboardsFolder, '.json').map((name) => [
      name,
      JSON.parse(readFileSync(join(dashboardsFolder, name), 'utf8')) as Dashboard,
    ]),
  );
}

/** Every alert and recording rule in deploy/prometheus/rules, with its file name. */
export function rules(): Array<Rule & { source: string }> {
  return filesOf(rulesFolder, '.yml').flatMap((source) => {
    const content = parse(readFileSync(join(rulesFolder, source), 'utf8')) as { groups: Array<{ rules: Rule[] }> };
    return content.groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, source })));
  });
}

/** Every expression of every panel, with Grafana's variables replaced (see {@link withoutVariables}). */
export function dashboardExpressions(): SourcedExpression[] {
  return [...dashboards()].flatMap(([source, { panels }]) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ source, name: title, kind: 'panel' as const, expression: withoutVariables(expr) })),
    ),
  );
}

/** Every expression of every alert and recording rule. */
export function alertExpressions(): SourcedExpression[] {
  return rules().map(({ source, alert, record, expr }) => ({
    source,
    name: alert ?? record ?? '',
    kind: alert === undefined ? 'record' : 'alert',
    expression: expr,
  }));
}

/** What Grafana would fill in when everything is chosen: `$__rate_interval` 1m, `$__range` 1h, any other variable `.*`. */
export function withoutVariables(expression: string): string {
  return expression
    .replaceAll(/\$(?:__rate_interval|\{__rate_interval\})/g, '1m')
    .replaceAll(/\$(?:__range|\{__range\})/g, '1h')
    .replaceAll(/\$(?:\w+|\{\w+(?::\w+)?\})/g, '.*');
}

function filesOf(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .sort();
}
