import { join } from 'node:path';
import type { EngineAddresses } from '../platform/bench.place.js';
import { runPointsBench } from '../points/points.bench.js';
import { measuredOn, renewSection, storeResultFile } from '../report/section.file.js';
import { leaderboardsTargets, quickLeaderboardsPlan, standardLeaderboardsPlan } from './leaderboards.plan.js';
import type { LeaderboardsResult } from './leaderboards.result.js';
import { LeaderboardsRun } from './leaderboards.run.js';

/** `npm run bench -- leaderboards`: a million members on one board (P-08). Returns the exit code. */
export function benchLeaderboards(
  engines: EngineAddresses,
  root: string,
  isQuick: boolean,
  say: (line: string) => void,
): Promise<number> {
  const plan = isQuick ? quickLeaderboardsPlan : standardLeaderboardsPlan;
  return runPointsBench<LeaderboardsResult>(engines, root, {
    measure: (place, machine) => new LeaderboardsRun(plan, place, say).run(machine),
    report: (result) => {
      storeResultFile(root, plan.mode, result);
      if (!isQuick) renewSection(join(root, 'bench/POINTS.md'), 'leaderboards', leaderboardsText(result));
      say(`\n${leaderboardsText(result)}`);
      return result.boards.every(isKept);
    },
  });
}

function isKept({ rankAtService, errors }: LeaderboardsResult['boards'][number]): boolean {
  return rankAtService.count > 0 && rankAtService.p99 < leaderboardsTargets.rankP99Ms && errors === 0;
}

const names = { redis: 'Redis', memory: 'memory of the service' } as const;

function leaderboardsText(result: LeaderboardsResult): string {
  const { plan, boards } = result;
  const rows = boards.map((figure) => {
    const { engine, members, rebuildSeconds, rankAtService, rank, page, errors, serviceMegabytes } = figure;
    const { p50, p99 } = rankAtService;
    const times = [p50, p99, rank.p50, rank.p99, page.p99].map((time) => String(Math.round(time * 10) / 10));
    const verdict = isKept(figure) ? 'reached' : 'MISSED';
    const cells = [names[engine], members, `${rebuildSeconds} s`, ...times, errors, `${serviceMegabytes} MB`, verdict];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    measuredOn(result.measuredAt, result.machine),
    '',
    '| boards in | members | made anew in | rank at the service p50 ms | p99 ms | rank door to door p50 ms | p99 ms | page p99 ms ' +
      '| errors | service | rank p99 < 20 ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `${plan.queriesPerSecond} questions a second for ${plan.seconds} s, one in ten for a page of twenty, the others for rank, ` +
      'percentile, distance to the next and two neighbours on each side. At the service: as its log tells, in whole ' +
      'milliseconds. From door to door: from the question to the answer, the broker and whoever else uses the machine included. ' +
      'Asked when the ledger of the seed is sealed and the database has had ten seconds to write down ' +
      'what the making of the boards changed.',
  ].join('\n');
}
