import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quickPlan, standardPlan } from './bench.plan.js';
import { BenchRun } from './bench.run.js';
import { BenchPlace, type EngineAddresses } from './platform/bench.place.js';
import { BenchPlatform } from './platform/bench.platform.js';
import { seedUsers } from './platform/user.seeder.js';
import { figuresText, verdictsOf } from './report/figures.text.js';
import { storeResult } from './report/report.file.js';
import { benchAccounts } from './accounts/accounts.main.js';
import { benchLeaderboards } from './leaderboards/leaderboards.main.js';
import { benchTelegram } from './telegram/telegram.main.js';

/** The bench itself; `tools/bench.mjs` has installed, built and started the engines. Arguments: a mode, and `quick`. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const plan = process.argv.includes('quick') ? quickPlan : standardPlan;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Benches of one service; without a mode it is the whole platform. */
const modes = [
  { name: 'telegram', run: benchTelegram },
  { name: 'accounts', run: benchAccounts },
  { name: 'leaderboards', run: benchLeaderboards },
];

async function main(): Promise<number> {
  const enginesFile = process.env['ENGINES_FILE'] ?? '';
  const engines = JSON.parse(readFileSync(enginesFile, 'utf8')) as EngineAddresses;
  const mode = modes.find(({ name }) => process.argv.includes(name));
  if (mode) return mode.run(engines, root, process.argv.includes('quick'), say);
  const place = new BenchPlace(engines, root);
  const platform = new BenchPlatform(place, root);
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= platform.stop().then(() => place.remove()));
  process.once('SIGINT', () => void stop().finally(() => process.exit(130)));
  try {
    await place.create();
    say('starting five services ...');
    await platform.start(plan.users);
    say(`seeding ${plan.users} members ...`);
    await seedUsers(place, plan);
    const result = await new BenchRun(plan, place, platform, root, dirname(enginesFile), say).run(engines);
    storeResult(result, root);
    say(`\n${figuresText(result)}`);
    return verdictsOf(result).every(({ reached }) => reached) ? 0 : 1;
  } finally {
    await stop();
  }
}

process.exitCode = await main();
