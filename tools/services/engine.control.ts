import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCompose } from './docker.compose.js';
import { findEngine } from './engine.registry.js';
import type { Engine, EngineName, EngineSource, Ports } from './engine.types.js';
import { ensurePorts, isPortFree } from './port.store.js';
import { readProcess, stopProcess } from './process.control.js';
import { engineDirectory } from './service.paths.js';
import { readRecords } from './state.store.js';

const readyTimeoutMs = 90_000;
const stopTimeoutMs = 30_000;
const pollMs = 100;
/** Connections of a killed engine may hold its port for a moment. */
const portReleaseMs = 5000;

function mainPidFile(engine: Engine): string {
  return join(engineDirectory(engine.name), engine.pidFiles[0] ?? 'process.json');
}

/** True when our process of the engine is alive. */
export function isRunning(engine: Engine): boolean {
  return engine.start !== undefined && readProcess(mainPidFile(engine)) !== undefined;
}

/** Waits until the engine answers. Throws when it does not within 90 s, or when its process has ended. */
export async function waitUntilReady(engine: Engine, ports: Ports, source: EngineSource): Promise<void> {
  if (engine.probe === undefined) return;
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await engine.probe(ports);
    } catch (error) {
      const where = `see ${engineDirectory(engine.name)}`;
      if (source === 'local' && !isRunning(engine))
        throw new Error(`${engine.name} has ended, ${where}`, { cause: error });
      if (Date.now() > deadline) throw new Error(`${engine.name} does not answer, ${where}`, { cause: error });
      await delay(pollMs);
    }
  }
}

async function takenPorts(engine: Engine, ports: Ports): Promise<Engine['ports']> {
  const free = await Promise.all(engine.ports.map((name) => isPortFree(ports[name])));
  return engine.ports.filter((_, index) => free[index] === false);
}

/**
 * The ports to start the engine on: the remembered ones. Where somebody else has taken one, `mayMove` chooses another,
 * else this throws.
 */
export async function reservePorts(engine: Engine, mayMove: boolean): Promise<Ports> {
  const ports = await ensurePorts();
  const deadline = Date.now() + portReleaseMs;
  const ours = readProcess(join(engineDirectory(engine.name), engine.pidFiles[1] ?? 'none')) !== undefined;
  for (;;) {
    const taken = await takenPorts(engine, ports);
    // The port mapper outlives the broker that it serves, and keeps its port.
    const foreign = taken.filter((name) => !(ours && name === 'erlangPortMapper'));
    if (foreign.length === 0) return ports;
    if (Date.now() > deadline) {
      if (mayMove) return ensurePorts(foreign);
      throw new Error(`${engine.name}: port of ${foreign.join(', ')} is taken`);
    }
    await delay(pollMs);
  }
}

/** Starts our process of an engine unless it runs, and waits until it answers. Returns the ports it is on. */
export async function startLocally(engine: Engine, mayMove: boolean): Promise<Ports> {
  if (engine.start === undefined) return ensurePorts();
  if (isRunning(engine)) {
    const ports = await ensurePorts();
    await waitUntilReady(engine, ports, 'local');
    return ports;
  }
  const ports = await reservePorts(engine, mayMove);
  await engine.start({ directory: engineDirectory(engine.name), ports });
  await waitUntilReady(engine, ports, 'local');
  return ports;
}

/** Ends all processes of ours that belong to the engine; nothing when there are none. */
export async function stopLocally(engine: Engine): Promise<void> {
  for (const name of engine.pidFiles) {
    await stopProcess(join(engineDirectory(engine.name), name), 'SIGTERM', stopTimeoutMs);
  }
}

function requireOwn(name: EngineName): EngineSource {
  const source = readRecords()[name]?.source;
  if (source === undefined) throw new Error(`${name} is not up: run "npm run services -- up ${name}" first`);
  if (source === 'external') throw new Error(`${name} was set from outside and is left alone`);
  return source;
}

/**
 * Ends one engine that `up` has started, for tests of crashes: its data, its ports and its place in `env.json` stay.
 * Resolves when the process is gone (SIGSTOP and SIGCONT: at once).
 */
export async function stopEngine(name: EngineName, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const engine = findEngine(name);
  if (requireOwn(name) === 'docker') {
    await runCompose(['kill', '--signal', signal, engine.composeService ?? name], await ensurePorts());
    return;
  }
  await stopProcess(mainPidFile(engine), signal, stopTimeoutMs);
}

/** Starts an engine again on the same ports and data, and resolves when it answers. Does nothing when it runs. */
export async function startEngine(name: EngineName): Promise<void> {
  const engine = findEngine(name);
  if (requireOwn(name) === 'docker') {
    const ports = await ensurePorts();
    await runCompose(['up', '-d', '--wait', engine.composeService ?? name], ports);
    await waitUntilReady(engine, ports, 'docker');
    return;
  }
  await startLocally(engine, false);
}
