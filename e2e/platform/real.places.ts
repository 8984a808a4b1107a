import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { ImapFlow } from 'imapflow';
import mongoose from 'mongoose';
import { mysqlDatabase } from '#testing/database.engines';
import { RabbitHost } from '#testing/rabbit.host';
import { realEngineUrls } from './test.environment.js';

/** The community mailbox of one run: a folder of its own in the test account. */
export interface RunMailbox {
  /** The address members mail to. */
  readonly address: string;
  /** For IMAP_URL: the folder is its path. */
  readonly imapUrl: string;
  /** Puts a raw mail (RFC 5322, with the headers that a provider would have added) into the mailbox. */
  deliver(mail: string | Buffer): Promise<void>;
}

/** Databases, virtual host and mailbox of one run on the shared engines; `remove` takes them away again. */
export interface RealPlaces {
  /** MYSQL_URL of the platform; each service's database is `<its name>_<service>`. */
  readonly mysqlUrl: string;
  readonly rabbit: RabbitHost;
  readonly redisUrl: string;
  readonly mongodbUrl: string;
  readonly mailbox: RunMailbox;
  /** Messages in each queue of the run, on their way ones included; -1 where the broker does not know (yet). */
  queueDepths(): Promise<Record<string, number>>;
  remove(): Promise<void>;
}

/** Makes the places of one run. */
export async function createRealPlaces(): Promise<RealPlaces> {
  const urls = realEngineUrls();
  const run = `coser_e2e_${randomBytes(5).toString('hex')}`;
  const mysql = mysqlDatabase(urls.mysql);
  const rabbit = new RabbitHost(urls.rabbitmq, urls.rabbitmqManagement);
  const mongodbUrl = withPath(urls.mongodb, run);
  await rabbit.create();
  const mailbox = await createMailbox(urls.imap, run);
  return {
    mysqlUrl: mysql.place.mysqlUrl ?? '',
    rabbit,
    redisUrl: urls.redis,
    mongodbUrl,
    mailbox,
    queueDepths: () => queueDepths(urls.rabbitmqManagement, rabbit.name),
    async remove() {
      await rabbit.remove();
      await mysql.remove();
      await dropMongoDatabase(mongodbUrl);
      await withImap(urls.imap, (client) => client.mailboxDelete(run));
    },
  };
}

/** Empties Redis, as a restart of one without persistence does. */
export async function flushRedis(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}

async function queueDepths(managementUrl: string, virtualHost: string): Promise<Record<string, number>> {
  const address = new URL(managementUrl);
  const account = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  const answer = await fetch(`${address.origin}/api/queues/${virtualHost}?columns=name,messages`, {
    headers: { authorization: `Basic ${Buffer.from(account).toString('base64')}` },
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`RabbitMQ's management answers ${answer.status}`);
  const queues = (await answer.json()) as { name: string; messages?: number }[];
  return Object.fromEntries(queues.map(({ name, messages }) => [name, messages ?? -1]));
}

function withPath(url: string, path: string): string {
  const address = new URL(url);
  address.pathname = `/${path}`;
  return address.href;
}

async function dropMongoDatabase(url: string): Promise<void> {
  const connection = await mongoose.createConnection(url, { serverSelectionTimeoutMS: 5_000 }).asPromise();
  await connection.dropDatabase();
  await connection.close();
}

async function createMailbox(url: string, folder: string): Promise<RunMailbox> {
  await withImap(url, (client) => client.mailboxCreate(folder));
  return {
    address: decodeURIComponent(new URL(url).username),
    imapUrl: withPath(url, folder),
    deliver: (mail) => withImap(url, (client) => client.append(folder, mail)),
  };
}

async function withImap(url: string, work: (client: ImapFlow) => Promise<unknown>): Promise<void> {
  const address = new URL(url);
  const client = new ImapFlow({
    host: address.hostname,
    port: Number(address.port || 143),
    secure: address.protocol === 'imaps:',
    auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) },
    logger: false,
  });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.logout();
  }
}
