import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { portNames, type PortName, type Ports } from './engine.types.js';
import { servicesPath } from './service.paths.js';

/**
 * Ports come from below the kernel's range for outgoing connections (32768 and up): a client that reconnects to a
 * stopped engine inside that range can be connected to itself, and the engine could then not take its port again.
 */
export const lowestPort = 20_000;
export const highestPort = 32_000;

const attemptsPerPort = 200;

/** True when a listener can be opened on 127.0.0.1. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A free port that is not in `taken`. Throws when none is found. */
export async function chooseFreePort(taken: ReadonlySet<number>, random: () => number = Math.random): Promise<number> {
  for (let attempt = 0; attempt < attemptsPerPort; attempt += 1) {
    const port = lowestPort + Math.floor(random() * (highestPort - lowestPort));
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`No free port found between ${lowestPort} and ${highestPort}`);
}

/** Keeps the known ports, chooses those that are missing or in `renew`. */
export async function completePorts(known: Partial<Ports>, renew: readonly PortName[] = []): Promise<Ports> {
  const ports: Partial<Ports> = {};
  const taken = new Set<number>(Object.values(known));
  for (const name of portNames) {
    const port = renew.includes(name) ? undefined : known[name];
    ports[name] = port ?? (await chooseFreePort(taken));
    taken.add(ports[name]);
  }
  return ports as Ports;
}

/** The ports of this checkout as remembered; empty before the first `up`. */
export function readPorts(): Partial<Ports> {
  const path = servicesPath('ports.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<Ports>) : {};
}

/** The ports of this checkout, chosen once and remembered in `ports.json`. */
export async function ensurePorts(renew: readonly PortName[] = []): Promise<Ports> {
  const ports = await completePorts(readPorts(), renew);
  writeFileSync(servicesPath('ports.json'), `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}
