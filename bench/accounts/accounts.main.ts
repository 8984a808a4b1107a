import { join } from 'node:path';
import type { EngineAddresses } from '../platform/bench.place.js';
import { runPointsBench } from '../points/points.bench.js';
import { measuredOn, renewSection, storeResultFile } from '../report/section.file.js';
import {
  accountsTargets,
  commandsInFlight,
  quickAccountsPlan,
  rawConnections,
  standardAccountsPlan,
} from './accounts.plan.js';
import type { AccountsResult } from './accounts.result.js';
import { AccountsRun } from './accounts.run.js';

/** `npm run bench -- accounts`: postings to one account that everybody wants (P-01). Returns the exit code. */
export function benchAccounts(
  engines: EngineAddresses,
  root: string,
  isQuick: boolean,
  say: (line: string) => void,
): Promise<number> {
  const plan = isQuick ? quickAccountsPlan : standardAccountsPlan;
  return runPointsBench<AccountsResult>(engines, root, {
    measure: (place, machine) => new AccountsRun(plan, place, say).run(machine),
    report: (result) => {
      storeResultFile(root, plan.mode, result);
      if (!isQuick) renewSection(join(root, 'bench/POINTS.md'), 'accounts', accountsText(result));
      say(`\n${accountsText(result)}`);
      return isKept(result);
    },
  });
}

function isKept({ events, commands, spread, books }: AccountsResult): boolean {
  const isFast = Math.max(events.perSecond, commands.perSecond) >= accountsTargets.postingsPerSecond;
  return isFast && books.wrong === 0 && commands.errors + spread.errors === 0;
}

function accountsText(result: AccountsResult): string {
  const { raw, events, commands, spread, books, plan } = result;
  const share = (perSecond: number): string => `${Math.round((perSecond / raw.perSecond) * 100)} %`;
  const row = (what: string, { perSecond, rounds }: AccountsResult['raw'], times: string): string =>
    `| ${what} | ${perSecond} | ${share(perSecond)} | ${rounds.join(', ')} | ${times} |`;
  const timesOf = ({ p50, p99 }: AccountsResult['commands']): string => `${Math.round(p50)} / ${Math.round(p99)}`;
  const verdict = isKept(result) ? 'reached' : 'MISSED';
  return [
    measuredOn(result.measuredAt, result.machine),
    '',
    '| postings | per second | of raw | rounds | p50 / p99 ms |',
    '| --- | --- | --- | --- | --- |',
    row(`the statements alone, one account, ${rawConnections} connections`, raw, ''),
    row('rewards for events, one account', events, ''),
    row(`commands, one account, ${commandsInFlight} in flight`, commands, timesOf(commands)),
    row(`the same commands over ${plan.spread} accounts`, spread, timesOf(spread)),
    '',
    `Wanted: ${accountsTargets.postingsPerSecond} postings a second to one account: ${verdict}. Afterwards ${books.wrong} of ` +
      `${books.accounts} accounts have a balance that is not the sum of their records; ` +
      `${commands.errors + spread.errors} commands failed.`,
  ].join('\n');
}
