import { spawnSync } from 'node:child_process';
import { findProgram } from '../../tools/deploy/program.js';

const promtool = process.env['PROMTOOL_BINARY'] ?? findProgram('promtool');

/** Name and type of every metric of a page in Prometheus's text format. */
export function metricFamilies(page: string): Map<string, string> {
  const types = page.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Map([...types].map(([, name = '', type = '']) => [name, type]));
}

/** What `promtool check metrics` has to say of our own metrics; those of the Node.js runtime follow rules of their own. */
export function promtoolComplaints(page: string): string[] {
  if (!promtool) return [];
  const own = page.split(/^(?=# HELP )/m).filter((family) => family.startsWith('# HELP coser_'));
  const { stdout, stderr, status, error } = spawnSync(promtool, ['check', 'metrics'], {
    input: own.join(''),
    encoding: 'utf8',
  });
  if (error) throw error;
  return status === 0 ? [] : `${stdout}${stderr}`.trim().split('\n');
}
