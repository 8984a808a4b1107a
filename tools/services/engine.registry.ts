import { dovecot } from './dovecot.engine.js';
import { engineNames, type Engine, type EngineName } from './engine.types.js';
import { mariadb } from './mariadb.engine.js';
import { mongodb } from './mongodb.engine.js';
import { prometheus } from './prometheus.engine.js';
import { rabbitmq } from './rabbitmq.engine.js';
import { redis } from './redis.engine.js';

const engines: Record<EngineName, Engine> = { mariadb, rabbitmq, redis, dovecot, mongodb, prometheus };

export function findEngine(name: EngineName): Engine {
  return engines[name];
}

/** Names from a command line; none means all. Throws on a name that is not an engine's. */
export function parseEngineNames(names: readonly string[]): EngineName[] {
  for (const name of names) {
    if (!(name in engines)) throw new Error(`Unknown engine ${name}; known: ${engineNames.join(', ')}`);
  }
  return names.length === 0 ? [...engineNames] : engineNames.filter((name) => names.includes(name));
}

/** The variables of an engine that is somebody else's; undefined when the first of them is not set. */
export function externalUrls(
  engine: Engine,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> | undefined {
  const set = engine.variables.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  const decisive = engine.variables[0] ?? '';
  return environment[decisive] ? Object.fromEntries(set) : undefined;
}

/** True when the absence of an optional engine is an error: `REQUIRE_MONGODB=1`. */
export function isRequired(engine: Engine, environment: NodeJS.ProcessEnv = process.env): boolean {
  return engine.optional !== true || environment[`REQUIRE_${engine.name.toUpperCase()}`] === '1';
}
