import { isDockerAvailable, runCompose } from './docker.compose.js';
import { isRunning, reservePorts, startLocally, stopLocally, waitUntilReady } from './engine.control.js';
import { externalUrls, findEngine, isRequired } from './engine.registry.js';
import type { Engine, EngineName, EngineSource } from './engine.types.js';
import { installObstacle, installPackages, missingPackages } from './package.installer.js';
import { ensurePorts } from './port.store.js';
import { readRecords, updateRecords, withLock, type EngineRecord } from './state.store.js';

/** What became of one engine. `detail` says why when it is not up. */
export interface Outcome {
  name: EngineName;
  state: 'up' | 'not run' | 'failed';
  source?: EngineSource;
  seconds: number;
  detail?: string;
}

type Report = (outcome: Outcome) => void;

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where the engine will come from: its variable, what runs already, a container, or a process of ours. */
async function chooseSource(engine: Engine, hasDocker: () => Promise<boolean>): Promise<EngineSource> {
  if (externalUrls(engine) !== undefined) return 'external';
  if (isRunning(engine)) return 'local';
  return engine.composeService !== undefined && (await hasDocker()) ? 'docker' : 'local';
}

async function startFrom(engine: Engine, source: EngineSource): Promise<EngineRecord> {
  if (source === 'external') return { source, urls: externalUrls(engine) ?? {} };
  if (source === 'docker') {
    // Containers that run already hold their ports rightly; `up` leaves them as they are.
    const isUp = readRecords()[engine.name]?.source === 'docker';
    const ports = isUp ? await ensurePorts() : await reservePorts(engine, true);
    await runCompose(['up', '-d', '--wait', engine.composeService ?? engine.name], ports);
    await waitUntilReady(engine, ports, source);
    return { source, urls: engine.urls(ports) };
  }
  const missing = engine.missing();
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}`);
  return { source, urls: engine.urls(await startLocally(engine, true)) };
}

async function startOne(engine: Engine, source: EngineSource): Promise<{ outcome: Outcome; record?: EngineRecord }> {
  const startedAt = Date.now();
  const finish = (state: Outcome['state'], detail?: string): Outcome => ({
    name: engine.name,
    state,
    source,
    seconds: (Date.now() - startedAt) / 1000,
    ...(detail === undefined ? {} : { detail }),
  });
  try {
    const record = await startFrom(engine, source);
    return { outcome: finish('up'), record };
  } catch (error) {
    return { outcome: finish(isRequired(engine) ? 'failed' : 'not run', message(error)) };
  }
}

async function installMissing(engines: readonly Engine[], log: (line: string) => void): Promise<void> {
  const packages = missingPackages(engines);
  if (packages.length === 0) return;
  const obstacle = await installObstacle();
  if (obstacle !== undefined) {
    log(`packages missing: ${packages.join(' ')} (${obstacle})`);
    return;
  }
  log(`installing ${packages.join(' ')}`);
  await installPackages(packages);
}

/**
 * Brings engines up, all at the same time, and remembers them in `engines.json` and `env.json`. What runs already is
 * left as it is. Never throws for one engine: its outcome says what happened.
 */
export function bringUp(names: readonly EngineName[], report: Report, log: (line: string) => void): Promise<Outcome[]> {
  return withLock(async () => {
    // Chosen before anything starts, so that engines that start together do not choose the same ports.
    await ensurePorts();
    let docker: Promise<boolean> | undefined;
    const hasDocker = (): Promise<boolean> => (docker ??= isDockerAvailable());
    const plan = await Promise.all(
      names.map(async (name) => ({
        engine: findEngine(name),
        source: await chooseSource(findEngine(name), hasDocker),
      })),
    );
    const local = plan.filter(({ source }) => source === 'local').map(({ engine }) => engine);
    await installMissing(local, log).catch((error: unknown) =>
      log(`packages could not be installed: ${message(error)}`),
    );
    const results = await Promise.all(
      plan.map(async ({ engine, source }) => {
        const result = await startOne(engine, source);
        report(result.outcome);
        return result;
      }),
    );
    updateRecords(Object.fromEntries(results.map(({ outcome, record }) => [outcome.name, record])));
    return results.map(({ outcome }) => outcome);
  });
}

/** Ends what `up` has started, and only that; external engines are forgotten, not touched. Data and ports stay. */
export function bringDown(names: readonly EngineName[], report: Report): Promise<void> {
  return withLock(async () => {
    const records = readRecords();
    const inDocker = names.filter((name) => records[name]?.source === 'docker');
    if (inDocker.length > 0) {
      await runCompose(
        ['rm', '--stop', '--force', ...inDocker.map((name) => findEngine(name).composeService ?? name)],
        await ensurePorts(),
      );
    }
    await Promise.all(
      names.map(async (name) => {
        const startedAt = Date.now();
        await stopLocally(findEngine(name));
        report({ name, state: 'not run', seconds: (Date.now() - startedAt) / 1000 });
      }),
    );
    updateRecords(Object.fromEntries(names.map((name) => [name, undefined])));
  });
}

/** What each engine is doing now: `up` when it answers, `failed` when it was up and does not. */
export async function inspectEngines(names: readonly EngineName[]): Promise<Outcome[]> {
  const records = readRecords();
  const ports = await ensurePorts();
  return Promise.all(
    names.map(async (name): Promise<Outcome> => {
      const record = records[name];
      if (record === undefined) return { name, state: 'not run', seconds: 0 };
      const known = { name, source: record.source, seconds: 0 };
      if (record.source === 'external') return { ...known, state: 'up' };
      return (findEngine(name).probe?.(ports) ?? Promise.resolve()).then(
        () => ({ ...known, state: 'up' as const }),
        (error: unknown) => ({ ...known, state: 'failed' as const, detail: message(error) }),
      );
    }),
  );
}
