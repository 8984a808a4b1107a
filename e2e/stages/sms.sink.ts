import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSms {
  to: string;
  text: string;
}

const messagesKept = 1_000;

/** An SMS provider that takes every message and keeps it. */
export class SmsSink {
  private readonly messages: ReceivedSms[] = [];
  private readonly server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      this.messages.push(JSON.parse(body) as ReceivedSms);
      this.messages.splice(0, this.messages.length - messagesKept);
      response.end('{"taken":true}');
    });
  });

  /** Listens on a free port; returns what the platform must be told. */
  async start(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return { SMS_HTTP_URL: `http://127.0.0.1:${port}/`, SMS_HTTP_SUCCESS: '"taken":true' };
  }

  to(number: string): ReceivedSms[] {
    return this.messages.filter(({ to }) => to === number);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
