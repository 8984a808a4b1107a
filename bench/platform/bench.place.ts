import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { createConnection } from 'mysql2/promise';
import { request } from 'undici';

export interface EngineAddresses {
  readonly MYSQL_URL: string;
  readonly RABBITMQ_URL: string;
  readonly RABBITMQ_MANAGEMENT_URL: string;
  readonly REDIS_URL: string;
  readonly MONGODB_URL: string;
}

export const serviceNames = ['user', 'entitlement', 'points', 'notification', 'gateway'] as const;
export type BenchService = (typeof serviceNames)[number];

/** Databases, a virtual host and a directory of this run alone; all of it is gone afterwards. */
export class BenchPlace {
  readonly name = `coser_bench_${randomBytes(4).toString('hex')}`;
  readonly directory: string;
  readonly mysqlUrl: string;
  readonly rabbitmqUrl: string;
  readonly mongodbUrl: string;
  readonly redisUrl: string;

  constructor(
    private readonly engines: EngineAddresses,
    root: string,
  ) {
    this.directory = join(root, '.data', this.name);
    this.mysqlUrl = withPath(engines.MYSQL_URL, this.name);
    this.rabbitmqUrl = withPath(engines.RABBITMQ_URL, this.name);
    this.mongodbUrl = withPath(engines.MONGODB_URL, this.name);
    this.redisUrl = engines.REDIS_URL;
  }

  /** The database of one service, or `raw` for the statements without us. */
  databaseOf(service: BenchService | 'raw'): string {
    return `${this.name}_${service}`;
  }

  async create(): Promise<void> {
    mkdirSync(this.directory, { recursive: true });
    await this.manage('PUT', `/api/vhosts/${this.name}`);
    const account = new URL(this.engines.RABBITMQ_MANAGEMENT_URL).username;
    const all = { configure: '.*', write: '.*', read: '.*' };
    await this.manage('PUT', `/api/permissions/${this.name}/${account}`, all);
  }

  async remove(): Promise<void> {
    await this.manage('DELETE', `/api/vhosts/${this.name}`);
    const connection = await createConnection({ uri: this.engines.MYSQL_URL });
    for (const service of [...serviceNames, 'raw'] as const) {
      await connection.query(`DROP DATABASE IF EXISTS \`${this.databaseOf(service)}\``);
    }
    await connection.end();
    const documents = await mongoose.createConnection(this.mongodbUrl).asPromise();
    await documents.dropDatabase();
    await documents.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async manage(method: 'PUT' | 'DELETE', path: string, body?: object): Promise<void> {
    const { origin, username, password } = new URL(this.engines.RABBITMQ_MANAGEMENT_URL);
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    const response = await request(origin + path, {
      method,
      headers: { authorization: `Basic ${credentials.toString('base64')}`, 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
    });
    await response.body.dump();
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.statusCode}`);
  }
}

function withPath(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
