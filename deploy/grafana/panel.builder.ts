/** The part of Grafana 11's dashboard JSON that this platform uses, and the functions that fill it in. */

export interface Target {
  refId: string;
  datasource: typeof datasource;
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
}

export interface Panel {
  id: number;
  type: 'timeseries' | 'stat' | 'row';
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: typeof datasource;
  targets?: Target[];
  fieldConfig?: { defaults: Record<string, unknown>; overrides: unknown[] };
  options?: Record<string, unknown>;
  collapsed?: boolean;
  panels?: Panel[];
}

/** A panel before it has its number and its place. */
export type PanelDraft = Omit<Panel, 'id' | 'gridPos'>;

export interface Row {
  title: string;
  /** Panels beside each other before the next line begins; divides 24. */
  columns: number;
  /** Height of one panel in Grafana's grid units (30 pixels). */
  height: number;
  panels: PanelDraft[];
}

/** Grafana's unit ids that the dashboards use. */
export type Unit = 'reqps' | 'cps' | 'cpm' | 's' | 'short' | 'percentunit' | 'bytes' | 'bool_yes_no';

/** Expression and legend; the legend may name labels: `{{route}}`. */
export type Query = readonly [expression: string, legend: string];

export interface PanelInput {
  title: string;
  description: string;
  unit: Unit;
  queries: readonly Query[];
  /** From this value on the figure is bad: a red line in a chart, a red number in a stat. */
  badFrom?: number;
  /** Below this value the figure is bad; for things that must be there. */
  badBelow?: number;
  /** Parts of a whole are stacked on each other. */
  stacked?: boolean;
}

/** Chosen by the reader of the dashboard: the same file serves every installation. */
export const datasource = { type: 'prometheus', uid: '${datasource}' } as const;

/** A figure over time. */
export function chart(input: PanelInput): PanelDraft {
  return {
    type: 'timeseries',
    ...described(input),
    targets: targets(input.queries, false),
    fieldConfig: {
      defaults: {
        unit: input.unit,
        min: 0,
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          lineWidth: 1,
          fillOpacity: input.stacked ? 30 : 5,
          showPoints: 'never',
          spanNulls: false,
          stacking: { mode: input.stacked ? 'normal' : 'none', group: 'A' },
          thresholdsStyle: { mode: input.badFrom === undefined ? 'off' : 'line' },
        },
        thresholds: thresholds(input),
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean', 'max', 'lastNotNull'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** One number: the state now, or a sum over the dashboard's time range. */
export function stat(input: PanelInput): PanelDraft {
  return {
    type: 'stat',
    ...described(input),
    targets: targets(input.queries, true),
    fieldConfig: {
      defaults: { unit: input.unit, color: { mode: 'thresholds' }, thresholds: thresholds(input) },
      overrides: [],
    },
    options: {
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      textMode: 'auto',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  };
}

/** Gives every panel a number and a place: rows under each other, panels from left to right. */
export function layOut(rows: readonly Row[]): Panel[] {
  const panels: Panel[] = [];
  let y = 0;
  for (const { title, columns, height, panels: drafts } of rows) {
    const row = { type: 'row', title, collapsed: false, panels: [] } as const;
    panels.push({ id: panels.length + 1, ...row, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } });
    y += 1;
    const w = 24 / columns;
    drafts.forEach((draft, index) => {
      const gridPos = { x: (index % columns) * w, y: y + Math.floor(index / columns) * height, w, h: height };
      panels.push({ id: panels.length + 1, ...draft, gridPos });
    });
    y += Math.ceil(drafts.length / columns) * height;
  }
  return panels;
}

function described({ title, description }: PanelInput) {
  return { title, description, datasource };
}

function targets(queries: readonly Query[], instant: boolean): Target[] {
  return queries.map(([expr, legendFormat], index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource,
    expr,
    legendFormat,
    instant,
    range: !instant,
  }));
}

function thresholds({ badFrom, badBelow }: PanelInput) {
  if (badBelow !== undefined) return steps(['red', null], ['green', badBelow]);
  return badFrom === undefined ? steps(['green', null]) : steps(['green', null], ['red', badFrom]);
}

function steps(...list: Array<[color: string, value: number | null]>) {
  return { mode: 'absolute', steps: list.map(([color, value]) => ({ color, value })) };
}

/** For what may not have happened yet: a counter with labels has no series until then, and the panel shows 0. */
export function orZero(expression: string): string {
  return `(${expression}) or on () vector(0)`;
}
