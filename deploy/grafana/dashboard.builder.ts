import { datasource, layOut, type Panel, type Row } from './panel.builder.js';

export interface DashboardInput {
  /** Part of the dashboard's address; never changes. */
  uid: string;
  title: string;
  description: string;
  rows: readonly Row[];
}

export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  panels: Panel[];
  templating: { list: Array<Record<string, unknown>> };
  [property: string]: unknown;
}

/** A whole dashboard with the variables `$datasource` and `$service`. */
export function dashboard({ uid, title, description, rows }: DashboardInput): Dashboard {
  return {
    uid,
    title,
    description,
    tags: ['coser'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [],
    templating: { list: [datasourceVariable, serviceVariable] },
    panels: layOut(rows),
  };
}

const datasourceVariable = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  refresh: 1,
  hide: 0,
  multi: false,
  includeAll: false,
};

const serviceQuery = 'label_values(nodejs_version_info, service)';

const serviceVariable = {
  name: 'service',
  label: 'Service',
  type: 'query',
  datasource,
  definition: serviceQuery,
  query: { query: serviceQuery, refId: 'service' },
  refresh: 2,
  sort: 1,
  hide: 0,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: ['All'], value: ['$__all'] },
};
