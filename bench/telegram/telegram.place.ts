import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import { MessageClient, RabbitBroker } from '#messaging';
import { BotEmulator, type EmulatedGroup } from '#testing/bot-emulator';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import type { BenchPlace } from '../platform/bench.place.js';
import { botToken } from '../platform/bench.platform.js';
import { BenchProcess, untilAnswering } from '../platform/child.process.js';
import { freePort } from '../platform/free.port.js';
import { telegramIdOf } from '../platform/user.seeder.js';
import type { TelegramPlan } from './telegram.plan.js';

const logChatId = -1_001_234;
const rowsPerInsert = 2_000;

/** The notification service as a process of its own on real engines, before an emulated Telegram that keeps its limits. */
export class TelegramPlace {
  readonly emulator = new BotEmulator({ token: botToken, enforceLimits: true });
  readonly group: EmulatedGroup;
  private process: BenchProcess | null = null;
  private broker: RabbitBroker | null = null;
  private connection: Connection | null = null;

  constructor(
    private readonly place: BenchPlace,
    private readonly root: string,
  ) {
    this.group = this.emulator.group({ id: logChatId, title: 'Log' });
  }

  async start({ recipients, others }: TelegramPlan): Promise<void> {
    await this.emulator.start();
    // Nobody reads updates here: Telegram is asked for a kind that does not happen.
    await fetch(`${this.emulator.url}/bot${botToken}/getUpdates?allowed_updates=${encodeURIComponent('["poll"]')}`);
    const port = await freePort();
    this.process = BenchProcess.start({
      name: 'notification',
      args: [join(this.root, 'dist/apps/notification/src/main.js')],
      logFile: join(this.place.directory, 'notification.log'),
      environment: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        NOTIFICATION_METRICS_PORT: String(port),
        DATA_DIR: this.place.directory,
        MYSQL_URL: this.place.mysqlUrl,
        RABBITMQ_URL: this.place.rabbitmqUrl,
        ...freshEncryptionKeys(),
        TELEGRAM_BOT_TOKEN: botToken,
        TELEGRAM_API_ROOT: this.emulator.url,
        LOG_CHAT_ID: String(logChatId),
        LOG_LEVEL: 'info',
        AUTH_SECRET: randomBytes(32).toString('hex'),
      },
    });
    await untilAnswering(this.process, `http://127.0.0.1:${port}/health/ready`);
    this.broker = await RabbitBroker.connect({ url: this.place.rabbitmqUrl, log: { warn: () => {}, info: () => {} } });
    const database = this.place.databaseOf('notification');
    this.connection = await createConnection({ uri: this.place.mysqlUrl, database });
    await this.seed(recipients, others);
  }

  get client(): MessageClient {
    return new MessageClient(this.open(this.broker));
  }

  get events(): RabbitBroker {
    return this.open(this.broker);
  }

  get database(): Connection {
    return this.open(this.connection);
  }

  async stop(): Promise<void> {
    await this.connection?.end();
    await this.broker?.close();
    await this.process?.stop();
    await this.emulator.stop();
  }

  /** Recipients read English; the others do not, so that no broadcast in English is for them. */
  private async seed(recipients: number, others: number): Promise<void> {
    const now = new Date().toISOString().replace('T', ' ').slice(0, 23);
    const users = Array.from({ length: recipients + others }, (_, index) => index + 1);
    for (const user of users) {
      await this.emulator.member({ id: telegramIdOf(user), first_name: `Member ${user}` }).start();
    }
    const rows = users.map((user) => [
      user,
      String(telegramIdOf(user)),
      `Member ${user}`,
      user <= recipients ? 'en' : 'ru',
      now,
    ]);
    for (let index = 0; index < rows.length; index += rowsPerInsert) {
      const insert = 'INSERT INTO contacts (user_id, telegram_id, first_name, locale, profile_seen_at) VALUES ?';
      await this.database.query(insert, [rows.slice(index, index + rowsPerInsert)]);
    }
  }

  private open<Part>(part: Part | null): Part {
    if (part === null) throw new Error('the place has not been started');
    return part;
  }
}
