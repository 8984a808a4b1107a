import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeliverySettled,
  eventQueueNames,
  UserCreated,
  UserSettingsChanged,
  type Call,
  type EventContract,
  type Locale,
  type PayloadOf,
} from '#contracts';
import type { Database } from '#database';
import type { Broker, EventMessage } from '#messaging';
import { startService, type RunningService } from '#service';
import { BotEmulator, type EmulatedMember } from '#testing/bot-emulator';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import type { DatabasePlace } from '#testing/engines';
import { PatientBroker } from '#testing/patient.broker';
import type { z } from 'zod';
import { notificationService } from './notification.module.js';

export interface DeliveryView {
  id: number;
  dedupe_key: string;
  user_id: number;
  channel: string;
  template: string;
  params: string;
  status: string;
  attempts: number;
  last_error: string | null;
}

export interface PublishOptions {
  id?: string;
  occurredAt?: Date;
  channel?: Call['channel'];
  actor?: Call['actor'];
  locale?: Locale;
}

const botToken = ['4242', 'emulated-token'].join(':');

/** The notification service for one suite, with an emulated Telegram and everything it tells, in a place of its own. */
export class NotificationPlace {
  readonly settled: z.output<typeof DeliverySettled.payload>[] = [];
  private readonly events: EventMessage[] = [];
  private environment: Record<string, string> = {};
  readonly directory = mkdtempSync(join(tmpdir(), 'coser-notification-'));
  readonly emulator = new BotEmulator({ token: botToken });
  private readonly clockFile = join(this.directory, 'clock');
  private readonly broker: Broker = new PatientBroker();
  private running: RunningService | null = null;
  private offsetMs = 0;
  readonly keys = freshEncryptionKeys();
  private lastUserId = 0;

  constructor(private readonly place: DatabasePlace) {}

  async start(environment: Record<string, string> = {}): Promise<void> {
    await this.emulator.start();
    for (const queue of eventQueueNames.filter((name) => name !== 'events.notification')) {
      await this.broker.subscribe(
        queue,
        async (batch) => {
          if (queue === 'events.audit') this.keepSettled(batch);
        },
        { batchSize: 50 },
      );
    }
    this.environment = environment;
    await this.startService();
  }

  /** Stops the service and starts it again, as a deployment does; events that come meanwhile are not its own to miss here. */
  async restart(): Promise<void> {
    await this.running?.stop();
    await this.startService();
  }

  private async startService(): Promise<void> {
    this.running = await startService(notificationService, {
      broker: this.broker,
      listenForOperations: false,
      runtimeMetrics: false,
      environment: {
        DATA_DIR: this.place.mysqlUrl ? this.directory : this.place.dataDirectory,
        LOG_LEVEL: 'silent',
        ...this.keys,
        TELEGRAM_BOT_TOKEN: botToken,
        TELEGRAM_API_ROOT: this.emulator.url,
        CLOCK_OFFSET_FILE: this.clockFile,
        ...(this.place.mysqlUrl && { MYSQL_URL: this.place.mysqlUrl }),
        ...this.environment,
      },
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    await this.emulator.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  get service(): RunningService {
    if (!this.running) throw new Error('the service has not been started');
    return this.running;
  }

  get database(): Database {
    return this.service.runtime.database as Database;
  }

  /** Moves the service's clock on. */
  pass(milliseconds: number): void {
    this.offsetMs += milliseconds;
    writeFileSync(this.clockFile, String(this.offsetMs));
  }

  /** Somebody who has started the bot and whom the platform knows. */
  async meet(firstName: string, locale: Locale = 'en'): Promise<{ userId: number; member: EmulatedMember }> {
    const { userId, member } = await this.meetUnknown(firstName);
    await this.introduce(userId, member, locale);
    return { userId, member };
  }

  /** Somebody who has started the bot, and whose contact has not arrived yet. */
  async meetUnknown(firstName: string): Promise<{ userId: number; member: EmulatedMember }> {
    this.lastUserId += 1;
    const userId = this.lastUserId;
    const member = this.emulator.member({ id: 7_000_000 + userId, first_name: firstName });
    await member.start();
    return { userId, member };
  }

  async introduce(userId: number, member: EmulatedMember, locale: Locale): Promise<void> {
    const { id, first_name } = member.user;
    await this.publish(UserCreated, { user_id: userId, telegram_id: String(id), kind: 'person', first_name, locale });
  }

  /** Which reminders a member wants, as their settings of this version say. */
  async wish(userId: number, reminders: { check_in: boolean; membership: boolean }, version = 1): Promise<void> {
    await this.publish(UserSettingsChanged, {
      user_id: userId,
      nickname: null,
      avatar_url: null,
      locale: 'en',
      timezone: 'Asia/Shanghai',
      birthday: null,
      region: { country: null, province: null, city: null },
      show_in_leaderboards: true,
      reminders: { ...reminders, check_in_at: '09:00' },
      version,
      display_name: 'Kim',
      changed: ['remind_membership'],
      changed_at: new Date().toISOString(),
    });
  }

  /** Delivers an event to the service and returns its id; resolves when it is handled. */
  async publish<Contract extends EventContract>(
    contract: Contract,
    payload: z.input<Contract['payload']>,
    options: PublishOptions = {},
  ): Promise<string> {
    const message = this.messageOf(contract, payload, options);
    await this.broker.publish([message]);
    return message.id;
  }

  /** Delivers many at once, in this order. */
  async publishTogether<Contract extends EventContract>(
    contract: Contract,
    payloads: readonly z.input<Contract['payload']>[],
  ): Promise<void> {
    await this.broker.publish(payloads.map((payload) => this.messageOf(contract, payload, {})));
  }

  deliveries(userId: number): Promise<DeliveryView[]> {
    return this.database.reader.query<DeliveryView>('SELECT * FROM deliveries WHERE user_id = ? ORDER BY id', [userId]);
  }

  /** What the bot has written to a member, oldest first. */
  textsTo(member: EmulatedMember): string[] {
    return member
      .chat()
      .filter(({ from }) => from?.is_bot)
      .map(({ text }) => text ?? '');
  }

  /** Payloads of one kind of event that the service has published. */
  eventsOf<Contract extends EventContract>(contract: Contract): PayloadOf<Contract>[] {
    return this.events
      .filter(({ name }) => name === contract.name)
      .map(({ payload }) => payload as PayloadOf<Contract>);
  }

  private messageOf<Contract extends EventContract>(
    contract: Contract,
    payload: z.input<Contract['payload']>,
    {
      id = randomUUID(),
      occurredAt = new Date(Date.now() + this.offsetMs),
      channel = 'rest',
      actor = { kind: 'visitor' },
      locale = 'en',
    }: PublishOptions,
  ): EventMessage {
    return {
      id,
      name: contract.name,
      service: contract.owner,
      occurred_at: occurredAt.toISOString(),
      call: { request_id: 'test', actor, channel, locale },
      payload,
    };
  }

  private keepSettled(batch: readonly EventMessage[]): void {
    this.events.push(...batch.filter(({ service }) => service === 'notification'));
    for (const { name, payload } of batch) {
      if (name === DeliverySettled.name) this.settled.push(DeliverySettled.payload.parse(payload));
    }
  }
}
