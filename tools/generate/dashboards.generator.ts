import { format, resolveConfig } from 'prettier';
import { mainJobDashboard } from '../../deploy/grafana/main-job.dashboard.js';
import type { Generator } from './generator.js';

const folder = 'deploy/grafana/dashboards';

/** Grafana's dashboards out of their typed definitions (O-03). */
export const generator: Generator = {
  name: 'dashboards',
  folder,
  async files() {
    const path = `${folder}/main-job.json`;
    const style = await resolveConfig(path);
    return [{ path, content: await format(JSON.stringify(mainJobDashboard), { ...style, parser: 'json' }) }];
  },
};
