import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotEmulator, type BotEmulatorOptions } from '#testing';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import { ClockFile } from './clock.file.js';
import { reservePorts } from '#testing/reserved.ports';
import { ManagedProcess } from './managed.process.js';
import { createRealPlaces, type RealPlaces } from './real.places.js';
import { RestClient } from './rest.client.js';

export const serviceNames = ['user', 'entitlement', 'points', 'notification', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface RealOptions {
  /** Processes of each service; default 1. */
  replicas?: Partial<Record<ServiceName, number>>;
  /** How the bot gets its updates. Default `polling`. */
  updates?: 'webhook' | 'polling';
  emulator?: Partial<BotEmulatorOptions>;
  /** Added to every service's environment; as a function where it depends on the run's places. */
  environment?: Record<string, string> | ((places: RealPlaces) => Record<string, string>);
}

/** The provider whose Authentication-Results the platform believes in tests. */
export const authenticationServer = 'mx.coser.test';
export const trialInviteCode = 'COSPLAY7';

interface Replica {
  readonly service: ServiceName;
  readonly process: ManagedProcess;
  readonly port: number;
  readonly operationsUrl: string;
}

/** The five services as processes on real engines, with an emulated Telegram in the test process. */
export class RealPlatform {
  /** What went wrong by itself: processes that ended though nobody told them to. */
  readonly failures: string[] = [];
  /** What the services were given and must not tell, by the name of its variable. */
  readonly secrets: Record<string, string> = {};
  private readonly replicas: Replica[] = [];
  private logsAreWanted = false;

  private constructor(
    private readonly directory: string,
    readonly places: RealPlaces,
    readonly emulator: BotEmulator,
    private readonly clock: ClockFile,
    /** Becomes super_admin at the first contact (U-13). */
    readonly adminTelegramId: number,
  ) {}

  /** @throws when an engine or a service does not come up; then nothing is left running. */
  static async start(options: RealOptions = {}): Promise<RealPlatform> {
    const directory = mkdtempSync(join(tmpdir(), 'coser-real-'));
    mkdirSync(join(directory, 'data'));
    const token = `${randomInt(100_000_000, 999_999_999)}:${randomBytes(26).toString('base64url')}`;
    const emulator = new BotEmulator({ token, botUsername: 'coser_test_bot', ...options.emulator });
    await emulator.start();
    const platform = new RealPlatform(
      directory,
      await createRealPlaces(),
      emulator,
      new ClockFile(directory),
      randomInt(1_000_000, 2_000_000),
    );
    try {
      await platform.addReplicas(options, token);
      await platform.startAll();
      return platform;
    } catch (error) {
      await platform.stop().catch(() => undefined);
      throw error;
    }
  }

  /** The first gateway. */
  get baseUrl(): string {
    return this.gatewayUrls[0] as string;
  }

  get gatewayUrls(): string[] {
    return this.of('gateway').map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** A client of the first gateway that is not signed in. */
  get client(): RestClient {
    return new RestClient(this.baseUrl);
  }

  /** Where a process has `/health` and `/metrics`. */
  operationsUrl(service: ServiceName, replica = 0): string {
    return this.replica(service, replica).operationsUrl;
  }

  /** MYSQL_URL of one service's own database, for checks by SQL. */
  databaseUrl(service: ServiceName): string {
    return `${this.places.mysqlUrl}_${service}`;
  }

  clockOffset(offsetMs: number): Promise<void> {
    return this.clock.set(offsetMs);
  }

  /** Signals one process and resolves when it is gone. */
  kill(service: ServiceName, replica = 0, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    return this.replica(service, replica).process.signal(signal);
  }

  /** Starts one process again, on the same ports, without waiting for it. */
  spawn(service: ServiceName, replica = 0): void {
    this.replica(service, replica).process.spawn();
  }

  /** Starts what does not run, and resolves when every process is ready. */
  async startAll(): Promise<void> {
    for (const { process } of this.replicas) process.spawn();
    await Promise.all(this.replicas.map(({ process }) => process.ready()));
  }

  /** Starts one process again, on the same ports, and resolves when it is ready. */
  async start(service: ServiceName, replica = 0): Promise<void> {
    const { process } = this.replica(service, replica);
    process.spawn();
    await process.ready();
  }

  /** The ends of all logs; from then on `stop` leaves the whole logs where they are. */
  logs(): string {
    this.logsAreWanted = true;
    return this.replicas.map(({ process }) => process.tail()).join('\n');
  }

  /** Everything that all processes have written. */
  wholeLogs(): string {
    return this.replicas.map(({ process }) => process.tail(Number.MAX_SAFE_INTEGER)).join('\n');
  }

  /** Ends every process in order, the edge first, and removes what the run has made. @throws when one ended by itself. */
  async stop(): Promise<void> {
    for (const { process } of this.of('gateway')) await process.signal('SIGTERM');
    await Promise.all(this.replicas.map(({ process }) => process.signal('SIGTERM')));
    await this.emulator.stop();
    await this.places.remove();
    if (this.failures.length > 0) throw new Error(`${this.failures.join('\n')}\nlogs: ${this.directory}`);
    if (!this.logsAreWanted) rmSync(this.directory, { recursive: true, force: true });
  }

  private of(service: ServiceName): Replica[] {
    return this.replicas.filter((replica) => replica.service === service);
  }

  private replica(service: ServiceName, index: number): Replica {
    const replica = this.of(service)[index];
    if (!replica) throw new Error(`there is no ${service}-${index}`);
    return replica;
  }

  private async addReplicas(options: RealOptions, token: string): Promise<void> {
    const wanted = serviceNames.flatMap((service) =>
      Array.from({ length: options.replicas?.[service] ?? 1 }, (_, index) => ({ service, index })),
    );
    const ports = await reservePorts(wanted.length * 2);
    const gatewayAt = wanted.findIndex(({ service }) => service === 'gateway');
    const shared = this.sharedEnvironment(options, token, `http://127.0.0.1:${ports[gatewayAt * 2]}`);
    for (const name of ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET', 'AUTH_SECRET'])
      if (shared[name] !== undefined) this.secrets[name] = shared[name];
    for (const [position, { service, index }] of wanted.entries()) {
      const [port, operationsPort] = ports.slice(position * 2) as [number, number];
      const operationsUrl = `http://127.0.0.1:${operationsPort}`;
      const own = { PORT: String(port), [`${service.toUpperCase()}_METRICS_PORT`]: String(operationsPort) };
      const process = new ManagedProcess({
        name: `${service}-${index}`,
        app: service,
        environment: { ...shared, ...own },
        readyUrl: `${operationsUrl}/health/ready`,
        logDirectory: this.directory,
        onUnexpectedEnd: (reason) => this.failures.push(reason),
      });
      this.replicas.push({ service, process, port, operationsUrl });
    }
  }

  private sharedEnvironment(options: RealOptions, token: string, publicUrl: string): Record<string, string> {
    const { mysqlUrl, rabbit, redisUrl, mongodbUrl, mailbox } = this.places;
    return {
      MYSQL_URL: mysqlUrl,
      RABBITMQ_URL: rabbit.url(),
      REDIS_URL: redisUrl,
      MONGODB_URL: mongodbUrl,
      IMAP_URL: mailbox.imapUrl,
      VERIFY_MAILBOX: mailbox.address,
      MAIL_AUTHSERV_ID: authenticationServer,
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_API_ROOT: this.emulator.url,
      TELEGRAM_ADMIN_ID: String(this.adminTelegramId),
      ...(options.updates === 'webhook' && { TELEGRAM_WEBHOOK_SECRET: randomBytes(24).toString('base64url') }),
      AUTH_SECRET: randomBytes(48).toString('base64url'),
      ...freshEncryptionKeys(),
      TRIAL_INVITE_CODE: trialInviteCode,
      PUBLIC_URL: publicUrl,
      DATA_DIR: join(this.directory, 'data'),
      CLOCK_OFFSET_FILE: this.clock.path,
      RATE_LIMIT_PER_IP_PER_MINUTE: '1000000',
      RATE_LIMIT_PER_USER_PER_MINUTE: '1000000',
      ...(typeof options.environment === 'function' ? options.environment(this.places) : options.environment),
    };
  }
}

/** Starts the five services on the real engines of the TEST_ variables and resolves when all are ready. */
export function startRealPlatform(options: RealOptions = {}): Promise<RealPlatform> {
  return RealPlatform.start(options);
}
