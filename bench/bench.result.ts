import type { BenchPlan } from './bench.plan.js';
import type { PacedLoad } from './load/load.runner.js';
import type { MachineFacts } from './machine/machine.facts.js';
import type { CoresByName } from './machine/processor.usage.js';
import type { Books } from './platform/books.check.js';
import type { FlowSummary } from './platform/flow.watcher.js';

/** Rounds of one peak; the figure is the median. */
export interface PeakFigure {
  readonly perSecond: number;
  readonly rounds: readonly number[];
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly complaints: readonly string[];
  readonly cores: CoresByName;
}

export interface CheckInPeak extends PeakFigure {
  /** Seconds after the load until every event was published, handled and audited, by round. */
  readonly drainSeconds: readonly number[];
}

export interface MixedFigure {
  readonly load: PacedLoad;
  readonly flow: FlowSummary;
  readonly drainSeconds: number;
  readonly pendingDeliveries: number;
  readonly cores: CoresByName;
}

export interface BenchResult {
  readonly at: string;
  readonly plan: BenchPlan;
  readonly machine: MachineFacts;
  readonly rawReads: PeakFigure;
  readonly reads: PeakFigure;
  readonly rawCheckIns: PeakFigure;
  readonly checkIns: CheckInPeak;
  readonly mixed: MixedFigure;
  readonly books: Books;
  /** Processes that ended by themselves; must be empty. */
  readonly ended: readonly string[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0;
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
