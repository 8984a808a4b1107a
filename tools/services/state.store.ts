import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { engineNames, type EngineName, type EngineSource, type EngineUrls } from './engine.types.js';
import { readProcess, rememberProcess, waitUntil } from './process.control.js';
import { servicesPath } from './service.paths.js';

/** What `up` remembers of an engine. */
export interface EngineRecord {
  source: EngineSource;
  urls: EngineUrls;
}
export type EngineRecords = Partial<Record<EngineName, EngineRecord>>;

const lockTimeoutMs = 900_000;

function writeJson(name: string, value: unknown): void {
  const path = servicesPath(name);
  // Others read these files at any time: they see the old text or the new one, never half of it.
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.${process.pid}`, path);
}

/** The engines that are up, by what was remembered. */
export function readRecords(): EngineRecords {
  const path = servicesPath('engines.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as EngineRecords) : {};
}

/** All variables of the given engines in one object. */
export function mergeUrls(records: EngineRecords): EngineUrls {
  return Object.assign({}, ...engineNames.map((name) => records[name]?.urls ?? {})) as EngineUrls;
}

/** Changes the records (undefined removes one) and writes `env.json` to match. */
export function updateRecords(changes: Partial<Record<EngineName, EngineRecord | undefined>>): EngineRecords {
  const records: EngineRecords = { ...readRecords(), ...changes };
  writeJson('engines.json', records);
  writeJson('env.json', mergeUrls(records));
  return records;
}

/** Takes the lock if it is free; one whose owner is gone is removed, to be taken at the next attempt. */
function tryLock(path: string): boolean {
  const own = `${path}.${process.pid}`;
  rememberProcess(own, process.pid);
  try {
    // A link appears with its content or not at all: no other process sees a lock without an owner.
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (existsSync(path) && readProcess(path) === undefined) rmSync(path, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Runs `work` alone among all processes of this checkout. Throws when another one works for longer than 15 minutes. */
export async function withLock<Result>(work: () => Promise<Result>): Promise<Result> {
  const path = servicesPath('lock');
  const isTaken = await waitUntil(() => tryLock(path), lockTimeoutMs);
  if (!isTaken) throw new Error(`${path} is held by another process`);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
