import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lintExpression } from './dashboard.linter.js';
import { selectionsOf } from './expression.reader.js';
import { alertExpressions, dashboardExpressions, repositoryRoot, rules, rulesFolder } from './expressions.js';
import { findProgram, runProgram } from './program.js';

const testsFolder = join(repositoryRoot, 'deploy/prometheus/tests');
const ruleFiles = readdirSync(rulesFolder);
const testFiles = readdirSync(testsFolder);
const promtool = findProgram('promtool');
const runbook = readFileSync(join(repositoryRoot, 'docs/runbook.md'), 'utf8');
const runbookSections = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
const alerts = rules().flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));

interface TestFile {
  tests: Array<{ alert_rule_test?: Array<{ alertname: string; exp_alerts?: unknown[] }> }>;
}

/** Every expectation of the rule tests: an alert's name, and whether it is expected to fire. */
const expectations = testFiles.flatMap((name) => {
  const { tests } = parse(readFileSync(join(testsFolder, name), 'utf8')) as TestFile;
  return tests.flatMap(({ alert_rule_test: list = [] }) =>
    list.map(({ alertname, exp_alerts: expected = [] }) => ({ alertname, fires: expected.length > 0 })),
  );
});

describe.skipIf(!promtool)('promtool', () => {
  const run = (...args: string[]) => runProgram(promtool ?? '', args);

  it('accepts prometheus.yml', () => {
    const { code, output } = run('check', 'config', join(repositoryRoot, 'prometheus.yml'));
    expect(output).toContain('SUCCESS');
    expect(code).toBe(0);
  });

  it.each(ruleFiles)('accepts the rules in %s', (name) => {
    const { code, output } = run('check', 'rules', join(rulesFolder, name));
    expect(output).toContain('SUCCESS');
    expect(code).toBe(0);
  });

  it.each(testFiles)('passes the tests in %s', (name) => {
    const { code, output } = run('test', 'rules', join(testsFolder, name));
    expect(output).toContain('SUCCESS');
    expect(code).toBe(0);
  });
});

describe.each(alerts)('the alert $alert', ({ alert, labels, annotations }) => {
  it('has a test in which it fires and one in which it is silent', () => {
    const outcomes = expectations.filter(({ alertname }) => alertname === alert).map(({ fires }) => fires);
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
  });

  it('says how urgent it is, what happened, and where to read on', () => {
    expect(labels).toEqual({ severity: expect.stringMatching(/^P[012]$/) });
    expect(annotations).toEqual({
      summary: expect.any(String),
      description: expect.any(String),
      runbook: `docs/runbook.md#${alert.toLowerCase()}`,
    });
  });

  it('has its section in the runbook', () => {
    expect(runbookSections).toContain(alert);
  });
});

describe('all rules together', () => {
  it('the runbook has no section without an alert', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(runbookSections.filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it('alert names are unique', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it.each(alertExpressions())('$name draws on metrics that exist', ({ expression }) => {
    expect(lintExpression(expression)).toEqual([]);
  });

  it('recorded series that are used are recorded, and the other way round', () => {
    const recorded = rules().flatMap(({ record }) => record ?? []);
    const used = [...alertExpressions(), ...dashboardExpressions()]
      .flatMap(({ expression }) => selectionsOf(expression).map(({ series }) => series))
      .filter((series) => series.includes(':'));
    expect([...new Set(used)].sort()).toEqual(recorded.sort());
  });
});
