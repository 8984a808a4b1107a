import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import { BenchProcess, untilAnswering } from './child.process.js';
import { serviceNames, type BenchPlace, type BenchService } from './bench.place.js';
import { freePort } from './free.port.js';

/** Rate limits are not what is measured here; everything else is as in production. */
const unlimited = { RATE_LIMIT_PER_IP_PER_MINUTE: '10000000', RATE_LIMIT_PER_USER_PER_MINUTE: '10000000' };

/** A token of the right shape that nobody would take for a real one. */
export const botToken = `1000:${'b'.repeat(35)}`;

/** The five services as processes on real engines, and the Bot API emulator they send to. */
export class BenchPlatform {
  readonly secret = randomBytes(32).toString('hex');
  private readonly encryptionKeys = freshEncryptionKeys();
  readonly processes: BenchProcess[] = [];
  private readonly ports = new Map<BenchService, number>();
  port = 0;

  constructor(
    private readonly place: BenchPlace,
    private readonly root: string,
  ) {}

  /** Starts all of it. `users` is how many members the emulator knows; `nodeFlags` by service, for profiles. */
  async start(users: number, nodeFlags: Partial<Record<BenchService, string[]>> = {}): Promise<void> {
    const emulatorPort = await freePort();
    const emulator = this.run('emulator', ['--import', 'tsx', join(this.root, 'bench/platform/emulator.process.ts')], {
      ...process.env,
      EMULATOR_PORT: String(emulatorPort),
      EMULATOR_TOKEN: botToken,
      EMULATOR_USERS: String(users),
    });
    const environment = await this.environment(`http://127.0.0.1:${emulatorPort}`);
    const services = serviceNames.map((name) => {
      const entry = join(this.root, 'dist/apps', name, 'src/main.js');
      return { name, process: this.run(name, [...(nodeFlags[name] ?? []), entry], environment) };
    });
    for (const { name, process } of services) await untilAnswering(process, `${this.operationsUrl(name)}/health/ready`);
    await untilAnswering(emulator, `http://127.0.0.1:${emulatorPort}/`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }

  /** Names of processes that have ended by themselves. */
  ended(): string[] {
    return this.processes.filter((process) => !process.isRunning).map(({ name }) => name);
  }

  operationsUrl(service: BenchService): string {
    return `http://127.0.0.1:${this.ports.get(service)}`;
  }

  private run(name: string, args: string[], environment: NodeJS.ProcessEnv): BenchProcess {
    const logFile = join(this.place.directory, `${name}.log`);
    const started = BenchProcess.start({ name, args, environment, logFile });
    this.processes.push(started);
    return started;
  }

  private async environment(apiRoot: string): Promise<NodeJS.ProcessEnv> {
    const ports: Record<string, string> = {};
    for (const name of serviceNames) {
      const port = await freePort();
      this.ports.set(name, port);
      ports[`${name.toUpperCase()}_METRICS_PORT`] = String(port);
    }
    this.port = await freePort();
    return {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      ...ports,
      ...unlimited,
      PORT: String(this.port),
      LISTEN_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      DATA_DIR: this.place.directory,
      MYSQL_URL: this.place.mysqlUrl,
      RABBITMQ_URL: this.place.rabbitmqUrl,
      REDIS_URL: this.place.redisUrl,
      MONGODB_URL: this.place.mongodbUrl,
      AUTH_SECRET: this.secret,
      ...this.encryptionKeys,
      TELEGRAM_BOT_TOKEN: botToken,
      TELEGRAM_API_ROOT: apiRoot,
    };
  }
}
