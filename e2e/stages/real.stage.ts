import { request } from 'undici';
import { startDnsServer } from '#testing/dns.server';
import { MailForge } from '#testing/mail-forge';
import {
  authenticationServer,
  serviceNames,
  startRealPlatform,
  type RealPlaces,
  type RealPlatform,
} from '../platform/index.js';
import { realEngineUrls } from '../platform/test.environment.js';
import { personOf } from './person.session.js';
import { steppedUp } from './step-up.press.js';
import { freshKey } from './fresh.names.js';
import { ReplySink } from './reply.sink.js';
import { keptInMongo, keptInMysql, keptInRedis, placesOf } from './store.search.js';
import type { Stage, StageOptions } from './stage.types.js';

/** Five processes on real engines: mails go through a real IMAP mailbox, a name server and an SMTP server of the test. */
export async function openRealStage(
  { environment = {}, updates = 'polling' }: StageOptions,
  relays: Partial<EngineRelays> = {},
): Promise<RealStage> {
  const forge = new MailForge({ domains: 'any' });
  const sink = new ReplySink();
  const smtpUrl = await sink.start();
  const names = await startDnsServer(forge.resolver);
  const stopSurroundings = async (): Promise<void> => {
    await names.stop();
    await sink.stop();
  };
  const redisUrl = redisOfRun(relays);
  try {
    const platform = await startRealPlatform({
      updates,
      environment: (places) => ({
        SMTP_URL: smtpUrl,
        MAIL_DNS_SERVERS: names.address,
        ...engineUrls(places, relays),
        REDIS_URL: redisUrl,
        ...environment,
      }),
    });
    return new RealStage(platform, forge, sink, redisUrl, stopSurroundings);
  } catch (error) {
    await stopSurroundings();
    throw error;
  }
}

/** See {@link openRealStage}. */
export class RealStage implements Stage {
  readonly isReal = true;

  constructor(
    readonly platform: RealPlatform,
    private readonly forge: MailForge,
    private readonly sink: ReplySink,
    private readonly redisUrl: string,
    private readonly stopSurroundings: () => Promise<void>,
  ) {}

  get emulator() {
    return this.platform.emulator;
  }

  get client() {
    return this.platform.client;
  }

  person(profile: Parameters<Stage['person']>[0]) {
    return personOf(this.client, this.emulator, profile);
  }

  async admin() {
    return (await this.person({ id: this.platform.adminTelegramId, first_name: 'Admin' })).rest;
  }

  async steppedUpAdmin() {
    const { chat, rest } = await this.person({ id: this.platform.adminTelegramId, first_name: 'Admin' });
    return steppedUp(chat, rest);
  }

  async mail({ from, subject, text }: Parameters<Stage['mail']>[0]) {
    const { mailbox } = this.platform.places;
    const domain = from.slice(from.lastIndexOf('@') + 1);
    const results = `${authenticationServer}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`;
    const stamp = { authenticationResults: results, receivedBy: authenticationServer };
    await mailbox.deliver(await this.forge.compose({ from, to: mailbox.address, subject, text, ...stamp }));
  }

  async repliesTo(address: string) {
    return this.sink.to(address);
  }

  async metrics() {
    const pages = serviceNames.map(async (service) => {
      const { body } = await request(`${this.platform.operationsUrl(service)}/metrics`);
      return body.text();
    });
    return (await Promise.all(pages)).join('\n');
  }

  clockOffset(offsetMs: number) {
    return this.platform.clockOffset(offsetMs);
  }

  async findInStores(needles: readonly string[]) {
    const { mongodbUrl } = this.platform.places;
    const tables = serviceNames
      .filter((service) => service !== 'gateway')
      .map((service) => keptInMysql(this.platform.databaseUrl(service)));
    const kept = await Promise.all([...tables, keptInMongo(mongodbUrl), keptInRedis(this.redisUrl)]);
    return placesOf(kept.flat(), needles);
  }

  logs() {
    return this.platform.logs();
  }

  async stop() {
    await this.platform.stop();
    await this.stopSurroundings();
  }
}

/** Ports of relays between the platform and an engine. */
export type EngineRelays = Record<'mysql' | 'rabbitmq' | 'redis' | 'mongodb', number>;

function engineUrls({ mysqlUrl, rabbit, mongodbUrl }: RealPlaces, relays: Partial<EngineRelays>) {
  return {
    MYSQL_URL: through(mysqlUrl, relays.mysql),
    RABBITMQ_URL: through(rabbit.url(), relays.rabbitmq),
    MONGODB_URL: through(mongodbUrl, relays.mongodb),
  };
}

/** The engine is shared: without a prefix of its own a run would meet the limits and leases of others. */
function redisOfRun(relays: Partial<EngineRelays>): string {
  const redis = new URL(realEngineUrls().redis);
  redis.searchParams.set('keyPrefix', `${freshKey()}:`);
  return through(redis.href, relays.redis);
}

function through(url: string, port?: number): string {
  if (port === undefined) return url;
  const address = new URL(url);
  address.host = `127.0.0.1:${port}`;
  return address.href;
}
