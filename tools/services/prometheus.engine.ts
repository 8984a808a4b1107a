import type { Engine } from './engine.types.js';
import { findProgram, missingPrograms } from './program.locator.js';

/** Path of `prometheus` (`PROMETHEUS_BINARY` wins), or undefined when it is not installed. */
export function prometheusBinary(): string | undefined {
  return process.env['PROMETHEUS_BINARY'] ?? findProgram('prometheus');
}

/** Path of `promtool` (`PROMTOOL_BINARY` wins), or undefined when it is not installed. */
export function promtoolBinary(): string | undefined {
  return process.env['PROMTOOL_BINARY'] ?? findProgram('promtool');
}

/** Prometheus is only made available: each test starts its own with its own rules. */
export const prometheus: Engine = {
  name: 'prometheus',
  variables: ['PROMETHEUS_BINARY', 'PROMTOOL_BINARY'],
  ports: [],
  packages: ['prometheus'],
  pidFiles: [],
  missing: () => missingPrograms(['prometheus', 'promtool']),
  urls: () => ({}),
};
