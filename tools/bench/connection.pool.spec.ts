import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionPool } from '../../bench/load/connection.pool.js';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server | undefined;
let pool: ConnectionPool | undefined;

async function open(connections: number, handle: Handle): Promise<ConnectionPool> {
  server = createServer(handle);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  pool = await ConnectionPool.open('127.0.0.1', (server.address() as AddressInfo).port, connections);
  return pool;
}

function get(path: string): Promise<{ status: number; body: string }> {
  const text = `GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`;
  return new Promise((resolve) => pool?.send(text, (status, body) => resolve({ status, body })));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
}

describe('the connection pool', () => {
  afterEach(() => {
    pool?.close();
    server?.closeAllConnections();
    server?.close();
  });

  it('pairs every answer with its request, more requests than connections', async () => {
    await open(3, (request, response) => answer(response, request.url === '/7' ? 404 : 200, `body of ${request.url}`));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => get(`/${index}`)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index === 7 ? 404 : 200)));
    expect(answers[7]?.body).toBe('body of /7');
  });

  it('reads an answer that comes in pieces', async () => {
    await open(1, (_request, response) => {
      response.writeHead(500, { 'content-length': 11 });
      response.write('hello');
      setImmediate(() => response.end(' world'));
    });
    expect(await get('/')).toEqual({ status: 500, body: 'hello world' });
    expect(await get('/')).toEqual({ status: 500, body: 'hello world' });
  });

  it('tells of a connection that broke, and opens another', async () => {
    let calls = 0;
    await open(1, (request, response) => {
      calls += 1;
      if (calls === 1) request.socket.destroy();
      else answer(response, 200, 'well');
    });
    expect(await get('/')).toEqual({ status: 0, body: 'connection closed' });
    expect(await get('/')).toEqual({ status: 200, body: '' });
  });
});
