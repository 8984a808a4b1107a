import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request as requestPlain, type Server } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { reservePorts } from '#testing/reserved.ports';
import { type Edge, prepareEdge } from './nginx-server.js';
import { findProgram } from './program.js';

const binary = findProgram('nginx');

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
}

describe.skipIf(!binary)('nginx at the edge', () => {
  let edge: Edge;
  let gateway: Server;
  let ports: { http: number; https: number; gateway: number };
  /** What reached the gateway, and over how many connections. */
  const seen: Array<{ path: string | undefined; headers: IncomingHttpHeaders }> = [];
  const connections = new Set<unknown>();

  beforeAll(async () => {
    gateway = createServer((incoming, response) => {
      seen.push({ path: incoming.url, headers: incoming.headers });
      connections.add(incoming.socket);
      incoming.resume().on('end', () => response.end('ok'));
    });
    const [http = 0, https = 0] = await reservePorts(2);
    ports = { gateway: await listen(gateway), http, https };
    edge = prepareEdge(binary ?? '', ports);
    edge.start();
    await eventually(async () => expect((await call('/v1/users/me')).status).toBe(200));
  });

  beforeEach(() => {
    seen.length = 0;
    connections.clear();
  });

  afterAll(async () => {
    await edge?.stop();
    gateway.closeAllConnections();
    gateway.close();
  });

  /** One request to the edge; the path goes out as it is written. */
  async function call(path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
    const outgoing = request({
      host: '127.0.0.1',
      port: ports.https,
      path,
      method: body ? 'POST' : 'GET',
      headers: { Host: 'localhost', ...headers },
      servername: 'localhost',
      agent: new Agent({ ca: edge.certificate }),
    });
    // A body that is refused half-way ends in a broken pipe after the answer.
    outgoing.on('error', () => undefined);
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage];
    response.resume();
    return { status: response.statusCode, headers: response.headers };
  }

  it('accepts its configuration', () => {
    expect(edge.check()).toMatchObject({ code: 0, output: expect.stringContaining('test is successful') });
  });

  it('speaks TLS 1.3 and nothing older', async () => {
    const options = { host: '127.0.0.1', port: ports.https, ca: edge.certificate, servername: 'localhost' };
    const modern = connect(options);
    await once(modern, 'secureConnect');
    expect(modern.getProtocol()).toBe('TLSv1.3');
    modern.destroy();
    const old = connect({ ...options, maxVersion: 'TLSv1.2' });
    await expect(once(old, 'secureConnect')).rejects.toThrow(/protocol version/);
  });

  it('sends plain HTTP to HTTPS', async () => {
    const outgoing = requestPlain({
      host: '127.0.0.1',
      port: ports.http,
      path: '/docs?a=1',
      headers: { Host: 'club' },
    });
    const [response] = (await once(outgoing.end(), 'response')) as [import('node:http').IncomingMessage];
    expect(response.statusCode).toBe(308);
    expect(response.headers.location).toBe('https://club/docs?a=1');
    response.resume();
  });

  it('tells browsers to stay with HTTPS, also on errors', async () => {
    for (const path of ['/docs', '/metrics']) {
      expect((await call(path)).headers['strict-transport-security']).toBe('max-age=63072000');
    }
  });

  it('tells the gateway the real address, whatever the client claims', async () => {
    const claims = { 'X-Forwarded-For': '203.0.113.7', 'X-Real-IP': '203.0.113.7', Forwarded: 'for=203.0.113.7' };
    await call('/v1/check-ins', { ...claims, 'X-Forwarded-Proto': 'http' });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' });
    expect(seen[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'https', host: 'localhost' });
    expect(seen[0]?.headers.forwarded).toBeUndefined();
  });

  it.each([
    '/metrics',
    '/metrics/',
    '//metrics',
    '/%6detrics',
    '/v1/../metrics',
    '/v1/dev/mails',
    '/v1//dev/mails',
    '/v1%2Fdev/mails',
    '/v1/%64ev/mails',
    '/v1/users/../dev/mails',
    '/v1/auth/dev-login',
  ])('keeps %s inside', async (path) => {
    expect((await call(path)).status).toBe(404);
    expect(seen).toEqual([]);
  });

  it('refuses bodies over 1 MiB before the gateway sees them, and passes smaller ones', async () => {
    expect((await call('/v1/registrations', {}, 'a'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(seen).toEqual([]);
    expect((await call('/v1/registrations', {}, 'a'.repeat(1024 * 1024))).status).toBe(200);
  });

  it('keeps its connections to the gateway open', async () => {
    for (let count = 0; count < 20; count += 1) await call('/v1/points/balance');
    expect(seen).toHaveLength(20);
    expect(connections.size).toBe(1);
  });
});

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
