import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

export interface OperationsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** `/health`, `/health/live`, `/health/ready` and `/metrics` of one service, or of all that share a process. */
export class Operations {
  constructor(private readonly parts: readonly { health: Health; metrics: Metrics }[]) {}

  async answer(path: string): Promise<OperationsAnswer | null> {
    switch (path) {
      case '/health/live':
        return json(200, { status: 'ok' });
      case '/health':
      case '/health/ready':
        return this.ready();
      case '/metrics':
        return this.metrics();
      default:
        return null;
    }
  }

  private async ready(): Promise<OperationsAnswer> {
    const reports = await Promise.all(this.parts.map(({ health }) => health.ready()));
    const worst = reports.find(({ status }) => status !== 'ok')?.status ?? 'ok';
    const services = Object.fromEntries(reports.map(({ service, status, checks }) => [service, { status, checks }]));
    return json(worst === 'ok' ? 200 : 503, { status: worst, services });
  }

  private async metrics(): Promise<OperationsAnswer> {
    const registries = this.parts.map(({ metrics }) => metrics.registry);
    const pages = await Promise.all(registries.map((registry) => registry.metrics()));
    return { status: 200, contentType: registries[0]?.contentType ?? 'text/plain', body: mergedPage(pages) };
  }
}

/** One page of several: a metric that more than one has stands once, with the series of all (the format asks for it). */
function mergedPage(pages: readonly string[]): string {
  const [only] = pages;
  if (only !== undefined && pages.length === 1) return only;
  const families = new Map<string, string[]>();
  for (const family of pages.flatMap((page) => page.split(/^(?=# HELP )/m))) {
    const [help = '', type = '', ...series] = family.trimEnd().split('\n');
    const name = help.split(' ')[2];
    const known = families.get(name ?? '');
    if (known) known.push(...series);
    else if (name !== undefined) families.set(name, [help, type, ...series]);
  }
  return [...families.values()].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** Serves the operations pages on a port of their own. */
export function listenForOperations(operations: Operations, port: number, host: string): Promise<Server> {
  const server = createServer((request, response) => {
    operations
      .answer((request.url ?? '/').split('?')[0] ?? '/')
      .then((answer) => send(response, answer ?? json(404, { status: 'not found' })))
      .catch(() => send(response, json(500, { status: 'failed' })));
  });
  server.requestTimeout = 5_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function send(response: ServerResponse, answer: OperationsAnswer): void {
  response.writeHead(answer.status, { 'content-type': answer.contentType });
  response.end(answer.body);
}

function json(status: number, body: unknown): OperationsAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
