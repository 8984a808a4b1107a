import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import { testEnvironment } from './engines.env.js';

/** A virtual host of one suite, driven through RabbitMQ's management interface. */
export class RabbitHost {
  readonly name = `coser-test-${randomBytes(5).toString('hex')}`;
  private readonly base: string;
  private readonly authorization: string;
  private readonly account: string;

  constructor(
    private readonly brokerUrl: string,
    managementUrl: string,
    readonly isThere = true,
  ) {
    const address = new URL(managementUrl);
    this.base = address.origin;
    this.account = decodeURIComponent(address.username);
    this.authorization = `Basic ${Buffer.from(`${this.account}:${decodeURIComponent(address.password)}`).toString('base64')}`;
  }

  /** On the broker of the TEST_RABBITMQ_* addresses; without them it is not there, and making it does nothing. */
  static fromEnvironment(): RabbitHost {
    const { rabbitmqUrl = '', rabbitmqManagementUrl = '' } = testEnvironment;
    const isThere = rabbitmqUrl !== '' && rabbitmqManagementUrl !== '';
    return isThere
      ? new RabbitHost(rabbitmqUrl, rabbitmqManagementUrl)
      : new RabbitHost('amqp://unset', 'http://unset', false);
  }

  /** The address of this virtual host; `through` replaces host and port, for a proxy in between. */
  url(through?: { port: number }): string {
    const address = new URL(this.brokerUrl);
    address.pathname = `/${this.name}`;
    if (through) address.host = `127.0.0.1:${through.port}`;
    return address.href;
  }

  /** Host and port of the broker itself. */
  get target(): { host: string; port: number } {
    const address = new URL(this.brokerUrl);
    return { host: address.hostname, port: Number(address.port || 5672) };
  }

  async create(): Promise<void> {
    if (!this.isThere) return;
    await this.call('PUT', `/api/vhosts/${this.name}`);
    const all = { configure: '.*', write: '.*', read: '.*' };
    await this.call('PUT', `/api/permissions/${this.name}/${this.account}`, all);
  }

  async remove(): Promise<void> {
    if (!this.isThere) return;
    await this.call('DELETE', `/api/vhosts/${this.name}`);
  }

  /** Closes every connection to this virtual host from the server's side and returns how many there were. */
  async closeConnections(): Promise<number> {
    const connections = (await this.call('GET', `/api/vhosts/${this.name}/connections`)) as { name: string }[];
    for (const { name } of connections) await this.call('DELETE', `/api/connections/${encodeURIComponent(name)}`);
    return connections.length;
  }

  /** Puts bytes on an exchange that no publisher of ours would write. */
  async publishRaw(exchange: string, routingKey: string, payload: string): Promise<void> {
    await this.call('POST', `/api/exchanges/${this.name}/${exchange}/publish`, {
      properties: {},
      routing_key: routingKey,
      payload,
      payload_encoding: 'string',
    });
  }

  /** Takes up to 1000 messages out of a queue and returns their bodies as text. */
  async take(queue: string): Promise<string[]> {
    const messages = (await this.call('POST', `/api/queues/${this.name}/${queue}/get`, {
      count: 1000,
      ackmode: 'ack_requeue_false',
      encoding: 'auto',
    })) as { payload: string }[];
    return messages.map(({ payload }) => payload);
  }

  async purge(queue: string): Promise<void> {
    await this.call('DELETE', `/api/queues/${this.name}/${queue}/contents`);
  }

  async deleteQueue(queue: string): Promise<void> {
    await this.call('DELETE', `/api/queues/${this.name}/${queue}`);
  }

  private async call(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await request(this.base + path, {
      method,
      headers: { authorization: this.authorization, 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.body.text();
    // Something already gone is what a removal wants.
    if (response.statusCode >= 400 && !(method === 'DELETE' && response.statusCode === 404)) {
      throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    }
    return text ? (JSON.parse(text) as unknown) : null;
  }
}
