import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeFile } from './compose.reader.js';
import { repositoryRoot } from './expressions.js';

const dockerfile = readFileSync(join(repositoryRoot, 'deploy/docker/Dockerfile'), 'utf8');
const ignored = readFileSync(join(repositoryRoot, '.dockerignore'), 'utf8').split('\n');
const [, imageCheck = ''] = /HEALTHCHECK[^]*?CMD (\[.*\])/.exec(dockerfile) ?? [];

/** As the containers run it. */
const checks: Array<[string, string[]]> = [
  ['Dockerfile', JSON.parse(imageCheck) as string[]],
  ['docker-compose.yml', (composeFile().services['points']?.healthcheck?.test ?? []).slice(1)],
];

describe('the image', () => {
  it('is built in a stage of its own on Node 24 and runs as an ordinary user', () => {
    expect(dockerfile.match(/^FROM node:24\S*/gm)).toHaveLength(2);
    expect(dockerfile).toMatch(/^RUN npm ci$/m);
    expect(dockerfile).toMatch(/^RUN npm run build && npm prune --omit=dev$/m);
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
  });

  it.each(['.env', '.env.*', '.git', 'node_modules', 'dist', '.data', '.services'])('is built without %s', (name) => {
    expect(ignored).toContain(name);
  });
});

describe.each(checks)('the health check of the %s', (_name, [program = '', ...args]) => {
  const codeFor = async (port: number) => {
    expect(program).toBe('node');
    const child = spawn(process.execPath, args, { env: { HEALTHCHECK_PORT: String(port) }, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  };

  it.each([
    [200, 0],
    [503, 1],
  ])('turns the answer %i into the exit code %i', async (status, code) => {
    const paths: Array<string | undefined> = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await codeFor((server.address() as AddressInfo).port)).toBe(code);
    expect(paths).toEqual(['/health/live']);
    server.close();
  });

  it('fails when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await codeFor(port)).toBe(1);
  });
});
