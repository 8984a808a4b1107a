import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeFile, composePath, exampleVariables, mountOf, variableUses } from './compose.reader.js';
import { repositoryRoot } from './expressions.js';
import { findProgram, runProgram } from './program.js';

const compose = composeFile();
const services = Object.entries(compose.services);
const uses = variableUses(compose);
const example = exampleVariables();
const own = ['gateway', 'user', 'entitlement', 'points', 'notification'];
const engines = ['mysql', 'rabbitmq', 'redis', 'mongodb'];
const isSecret = (name: string) => /SECRET|PASSWORD|TOKEN|^(?:IMAP|SMTP)_URL$/.test(name);

/** The keys of the compose specification that this file may use; a misspelt one is ignored by nobody here. */
const topLevelKeys = ['name', 'services', 'networks', 'volumes', 'secrets'];
const serviceKeys = [
  'image build command entrypoint user hostname init restart read_only tmpfs pid',
  'environment ports volumes networks secrets depends_on healthcheck logging deploy',
  'security_opt cap_drop cap_add stop_grace_period ulimits',
].flatMap((line) => line.split(' '));

describe('docker-compose.yml', () => {
  it('uses keys of the compose specification only', () => {
    expect(Object.keys(compose).filter((key) => !key.startsWith('x-') && !topLevelKeys.includes(key))).toEqual([]);
    const strange = services.flatMap(([name, service]) =>
      Object.keys(service).flatMap((key) => (serviceKeys.includes(key) ? [] : `${name}.${key}`)),
    );
    expect(strange).toEqual([]);
  });

  it('has the whole platform', () => {
    const monitoring = ['prometheus', 'alertmanager', 'grafana', 'node-exporter'];
    expect(services.map(([name]) => name).sort()).toEqual([...own, ...engines, ...monitoring, 'nginx'].sort());
  });

  it('lets only nginx be reached from outside', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, port })));
    const outside = published.filter(({ port }) => !port.startsWith('127.0.0.1:'));
    expect(new Set(outside.map(({ name }) => name))).toEqual(new Set(['nginx']));
    expect(published.filter(({ name }) => name !== 'nginx').map(({ name }) => name)).toEqual(['grafana']);
  });

  it('keeps the engines on a network without a way out', () => {
    expect(compose.networks['inside']).toEqual({ internal: true });
    for (const name of engines) expect(compose.services[name]?.networks).toEqual(['inside']);
  });
});

describe.each(services)('the container %s', (_name, service) => {
  it('is pinned, restarted, watched, limited, and its log is rotated', () => {
    expect(service.image).toMatch(/^[\w./-]+:(?!latest$)\S+$/);
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck).toMatchObject({
      test: expect.any(Array),
      interval: expect.stringMatching(/^\d+s$/),
      timeout: expect.stringMatching(/^\d+s$/),
      retries: expect.any(Number),
    });
    expect(service.deploy?.resources?.limits).toEqual({
      cpus: expect.stringMatching(/^\d+\.\d+$/),
      memory: expect.stringMatching(/^\d+[MG]$/),
    });
    expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } });
  });

  it('names networks, secrets, volumes and services that exist', () => {
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(service.networks ?? []));
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(service.secrets ?? []));
    expect(service.networks).not.toHaveLength(0);
    const mounts = (service.volumes ?? []).map(mountOf);
    for (const mount of mounts) {
      if (mount.isPath) expect(mount).toMatchObject({ exists: true, readOnly: true });
      else expect(Object.keys(compose.volumes)).toContain(mount.source);
    }
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(other);
      expect(condition).toBe('service_healthy');
    }
  });
});

describe.each(own)('the service %s', (name) => {
  const service = compose.services[name];

  it('runs its own program without rights and on a disk it cannot write', () => {
    expect(service?.command).toEqual(['node', `dist/apps/${name}/src/main.js`]);
    expect(existsSync(join(repositoryRoot, 'apps', name))).toBe(true);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it('has no door that is for development only', () => {
    const names = Object.keys(service?.environment ?? {});
    expect(names.filter((name) => ['DEVELOPMENT_MODE', 'CLOCK_OFFSET_FILE', 'SMTP_SINK_PORT'].includes(name))).toEqual(
      [],
    );
    expect(service?.environment).toMatchObject({ NODE_ENV: 'production', LISTEN_HOST: '0.0.0.0' });
  });

  it('is read by Prometheus where it shows its metrics, and watched there', () => {
    const text = readFileSync(join(repositoryRoot, 'prometheus.yml'), 'utf8');
    const { scrape_configs: jobs } = parse(text) as { scrape_configs: Array<Record<string, unknown>> };
    const port = service?.environment?.[`${name.toUpperCase()}_METRICS_PORT`];
    expect(service?.environment?.['HEALTHCHECK_PORT']).toBe(port);
    expect(jobs.find(({ job_name: job }) => job === name)?.['dns_sd_configs']).toEqual([
      { names: [name], type: 'A', port, refresh_interval: '10s' },
    ]);
  });
});

describe('the variables', () => {
  it('of docker-compose.yml are all explained in .env.example', () => {
    expect(uses.map(({ name }) => name).filter((name) => !example.has(name))).toEqual([]);
  });

  it('of .env.example are all used', () => {
    const set = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
    const known = new Set([...uses.map(({ name }) => name), ...set]);
    expect([...example.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  it('that are secret have no value and no default', () => {
    expect([...example].filter(([name, value]) => isSecret(name) && value !== '')).toEqual([]);
    expect(uses.filter(({ name, kind }) => isSecret(name) && kind !== 'required' && kind !== 'secret')).toEqual([]);
  });

  it('that have no default are asked for by name', () => {
    expect(uses.filter(({ kind }) => kind === 'plain')).toEqual([]);
  });
});

const docker = findProgram('docker');
const hasCompose = docker !== undefined && runProgram(docker, ['compose', 'version']).code === 0;

describe.skipIf(!hasCompose)('docker compose', () => {
  it('accepts the file when .env is filled in, and refuses it when it is not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    const config = (lines: string[]) => {
      const file = join(folder, '.env');
      writeFileSync(file, lines.join('\n'));
      return runProgram(docker ?? '', ['compose', '--file', composePath, '--env-file', file, 'config', '--quiet']);
    };
    try {
      const required = uses.filter(({ kind }) => kind === 'required' || kind === 'secret').map(({ name }) => name);
      expect(config(required.map((name) => `${name}=filled-in`))).toMatchObject({ code: 0 });
      expect(config([]).code).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
