import { targets } from '../bench.plan.js';
import type { BenchResult, MixedFigure, PeakFigure } from '../bench.result.js';
import type { CoresByName } from '../machine/processor.usage.js';
import type { Books } from '../platform/books.check.js';

export interface Verdict {
  readonly name: string;
  readonly wanted: string;
  readonly measured: string;
  readonly reached: boolean;
}

/** What was promised, what came out. */
export function verdictsOf(result: BenchResult): Verdict[] {
  const { reads, rawReads, checkIns, rawCheckIns, mixed, books } = result;
  const readShare = shareOf(reads, rawReads);
  const checkInShare = shareOf(checkIns, rawCheckIns);
  const { load } = mixed;
  const failed = load.errors + load.dropped + reads.errors + checkIns.errors;
  return [
    {
      name: 'balance read at peak, share of raw',
      wanted: `>= ${percent(targets.readShare)}`,
      measured: `${percent(readShare)} (${reads.perSecond}/s of ${rawReads.perSecond}/s)`,
      reached: readShare >= targets.readShare,
    },
    {
      name: 'check-in at peak, share of raw',
      wanted: `>= ${percent(targets.checkInShare)}`,
      measured: `${percent(checkInShare)} (${checkIns.perSecond}/s of ${rawCheckIns.perSecond}/s)`,
      reached: checkInShare >= targets.checkInShare,
    },
    {
      name: `${targets.ratePerSecond}/s mixed, p99`,
      wanted: `< ${targets.mixedP99Ms} ms`,
      measured: `${load.latency.p99} ms`,
      reached: load.latency.p99 < targets.mixedP99Ms,
    },
    { name: 'errors and drops', wanted: '0', measured: String(failed), reached: failed === 0 },
    { name: 'books agree', wanted: 'yes', measured: books.agree ? 'yes' : 'no', reached: books.agree },
    {
      name: 'processes that ended by themselves',
      wanted: 'none',
      measured: result.ended.join(', ') || 'none',
      reached: result.ended.length === 0,
    },
  ];
}

/** The figures of a run as Markdown: for people, on the terminal and in the report. */
export function figuresText(result: BenchResult): string {
  const { machine, plan, reads, rawReads, checkIns, rawCheckIns, mixed, books } = result;
  return [
    `Measured ${result.at}, mode ${plan.mode}: ${machine.cores} cores (${machine.processor}), ${machine.memoryGigabytes} GB, ` +
      `${machine.system}, Node ${machine.node}, ${machine.database} (flush at commit ${machine.flushAtCommit}); everything, ` +
      `load generator included, on this machine; load average before the run ${machine.loadBefore}.`,
    '',
    table(
      ['promise', 'wanted', 'measured', ''],
      verdictsOf(result).map(({ name, wanted, measured, reached }) => [
        name,
        wanted,
        measured,
        reached ? 'reached' : 'MISSED',
      ]),
    ),
    '',
    table(
      ['at peak, 64 in flight (raw check-ins: 10)', 'requests/s (median)', 'rounds', 'p50 ms', 'p99 ms', 'errors'],
      [
        peakRow('raw balance read', rawReads),
        peakRow('balance read', reads),
        peakRow('raw check-in transaction', rawCheckIns),
        peakRow('check-in', checkIns),
      ],
    ),
    '',
    mixedTable(result),
    '',
    arrivalsText(mixed),
    flowText(result),
    '',
    table(
      ['cores used', 'raw reads', 'reads', 'mixed', 'raw check-ins', 'check-ins'],
      coreRows([rawReads.cores, reads.cores, mixed.cores, rawCheckIns.cores, checkIns.cores]),
    ),
    '',
    booksText(books),
    '',
  ].join('\n');
}

function arrivalsText({ load }: MixedFigure): string {
  const { planned, answered, dropped, inFlightMaximum, lag, generatorCores } = load;
  return (
    `Arrivals: ${planned} planned, ${answered} answered, ${dropped} dropped, at most ${inFlightMaximum} in flight; ` +
    `the generator was late by p99 ${lag.p99} ms, at most ${lag.max} ms, and took ${generatorCores} cores.`
  );
}

function flowText({ mixed, checkIns }: BenchResult): string {
  const { p50, p99 } = mixed.flow.outboxLag;
  return (
    `Outbox of points under this load: oldest event p50 ${p50} ms, p99 ${p99} ms old. ` +
    `Everything published, handled and audited ${mixed.drainSeconds} s after the mixed load; ` +
    `after the check-in peaks: ${checkIns.drainSeconds.join(', ')} s. ` +
    `Telegram receipts leave at Telegram's pace (25/s): ${mixed.pendingDeliveries} waited after the mixed load.`
  );
}

function booksText(books: Books): string {
  return (
    `Books: ${books.acceptedCheckIns} check-ins accepted, ${books.checkInRows} rows, ` +
    `${books.auditedCheckIns} + ${books.auditedBalances} audit entries, ${books.userProjections} projected balances, ` +
    `${books.receipts} receipts; ${books.accountsOutOfBalance} accounts out of balance, ` +
    `sum of records ${books.sumOfRecords}, sum of balances ${books.sumOfBalances}.`
  );
}

function mixedTable({ mixed }: BenchResult): string {
  const rows = Object.entries({ all: mixed.load.latency, ...mixed.load.byKind });
  return table(
    [
      `${targets.ratePerSecond}/s mixed for ${mixed.load.planned / targets.ratePerSecond} s`,
      'requests',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'p99.9 ms',
      'max ms',
    ],
    rows.map(([kind, { count, p50, p95, p99, p999, max }]) => [kind, count, p50, p95, p99, p999, max].map(String)),
  );
}

function peakRow(name: string, { perSecond, rounds, p50, p99, errors }: PeakFigure): string[] {
  const latency = (milliseconds: number): string => (milliseconds === 0 ? '' : String(milliseconds));
  return [name, String(perSecond), rounds.join(', '), latency(p50), latency(p99), String(errors)];
}

function coreRows(columns: readonly CoresByName[]): string[][] {
  const names = [...new Set(columns.flatMap((cores) => Object.keys(cores)))].sort();
  return names.map((name) => [name, ...columns.map((cores) => (cores[name] === undefined ? '' : String(cores[name])))]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function shareOf(ours: PeakFigure, raw: PeakFigure): number {
  return raw.perSecond === 0 ? 0 : ours.perSecond / raw.perSecond;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
