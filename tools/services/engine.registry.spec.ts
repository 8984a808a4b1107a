import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeEnvironment } from './docker.compose.js';
import { externalUrls, findEngine, isRequired, parseEngineNames } from './engine.registry.js';
import { engineNames, portNames, type Engine, type Ports } from './engine.types.js';
import { missingPackages } from './package.installer.js';
import { projectRoot } from './service.paths.js';

const ports = Object.fromEntries(portNames.map((name, index) => [name, 20_001 + index])) as Ports;

function withMissing(name: (typeof engineNames)[number], missing: string[]): Engine {
  return { ...findEngine(name), missing: () => missing };
}

describe('choice of engines', () => {
  it('takes all when none is named, and those named in a fixed order', () => {
    expect(parseEngineNames([])).toEqual(engineNames);
    expect(parseEngineNames(['redis', 'mariadb'])).toEqual(['mariadb', 'redis']);
  });

  it('refuses a name that it does not know', () => {
    expect(() => parseEngineNames(['oracle'])).toThrow('Unknown engine oracle');
  });

  it('leaves an engine alone whose variable is set, and takes over all of its variables', () => {
    const environment = { RABBITMQ_URL: 'amqp://elsewhere', RABBITMQ_MANAGEMENT_URL: 'http://elsewhere' };
    expect(externalUrls(findEngine('rabbitmq'), environment)).toEqual(environment);
    expect(externalUrls(findEngine('mariadb'), environment)).toBeUndefined();
    expect(externalUrls(findEngine('rabbitmq'), { RABBITMQ_MANAGEMENT_URL: 'http://elsewhere' })).toBeUndefined();
  });

  it('forgives only a missing MongoDB, unless it is required', () => {
    const forgiven = engineNames.filter((name) => !isRequired(findEngine(name), {}));
    expect(forgiven).toEqual(['mongodb']);
    expect(isRequired(findEngine('mongodb'), { REQUIRE_MONGODB: '1' })).toBe(true);
  });

  it('lets an address be exactly a variable of the engine', () => {
    for (const name of engineNames) {
      const engine = findEngine(name);
      for (const variable of Object.keys(engine.urls(ports))) expect(engine.variables).toContain(variable);
    }
  });
});

describe('packages to install', () => {
  it('names those of engines that cannot start, once and sorted', () => {
    const engines = [
      withMissing('redis', ['redis-server']),
      withMissing('mariadb', ['mariadbd']),
      withMissing('rabbitmq', []),
      withMissing('redis', ['redis-server']),
    ];
    expect(missingPackages(engines)).toEqual(['mariadb-server', 'redis-server']);
  });

  it('has none for an engine that no package brings', () => {
    expect(missingPackages([withMissing('mongodb', ['mongod', 'go'])])).toEqual([]);
  });
});

describe('compose file', () => {
  const text = readFileSync(join(projectRoot, 'tools/services/compose.yml'), 'utf8');
  const { services } = parse(text) as { services: Record<string, { ports: string[] }> };

  it('has exactly the services that engines name', () => {
    const named = engineNames.flatMap((name) => findEngine(name).composeService ?? []);
    expect(Object.keys(services).sort()).toEqual(named.sort());
  });

  it('uses only variables that are given to it', () => {
    const used = [...text.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]);
    const given = Object.keys(composeEnvironment(ports, '/files'));
    expect(new Set(used)).toEqual(new Set(given));
  });

  it('publishes on this machine only', () => {
    const published = Object.values(services).flatMap((service) => service.ports);
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});
