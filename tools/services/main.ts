import { bringDown, bringUp, inspectEngines, type Outcome } from './engine.manager.js';
import { findEngine, parseEngineNames } from './engine.registry.js';
import { missingPackages } from './package.installer.js';
import { servicesPath } from './service.paths.js';
import { mergeUrls, readRecords } from './state.store.js';

const usage = `usage: npm run services -- COMMAND [engine...]
  up        start the engines (all when none is named); variables that are set already name engines to use as they are
  down      end what up has started; data and ports stay
  status    what runs (--json: for programs)
  env       the engines' variables as JSON; also in .services/env.json
  packages  Debian packages that up would install
engines: mariadb rabbitmq redis dovecot mongodb prometheus`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function describe({ name, state, source, seconds, detail }: Outcome): string {
  const origin = source === undefined ? '' : ` (${source})`;
  const time = seconds > 0 ? ` ${seconds.toFixed(1)} s` : '';
  return `${name}: ${state}${origin}${time}${detail === undefined ? '' : `: ${detail}`}`;
}

/** Runs one command; returns the exit code. */
async function main([command = '', ...rest]: string[]): Promise<number> {
  const asJson = rest.includes('--json');
  const names = parseEngineNames(rest.filter((argument) => argument !== '--json'));
  switch (command) {
    case 'up': {
      const outcomes = await bringUp(names, (outcome) => print(describe(outcome)), print);
      print(`variables: ${servicesPath('env.json')}`);
      return outcomes.some(({ state }) => state === 'failed') ? 1 : 0;
    }
    case 'down':
      await bringDown(names, ({ name, seconds }) => print(`${name}: down ${seconds.toFixed(1)} s`));
      return 0;
    case 'status': {
      const outcomes = await inspectEngines(names);
      print(asJson ? JSON.stringify(outcomes) : outcomes.map(describe).join('\n'));
      return 0;
    }
    case 'env':
      print(JSON.stringify(mergeUrls(readRecords()), null, 2));
      return 0;
    case 'packages':
      print(missingPackages(names.map(findEngine)).join('\n') || 'nothing is missing');
      return 0;
    default:
      process.stderr.write(`${usage}\n`);
      return 2;
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
