import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import {
  DropDevelopmentMail,
  eventQueueNames,
  GetEmailVerification,
  ReceiveVerificationMail,
  StartEmailVerification,
  UndoEmailBinding,
  type Call,
  type InputOf,
} from '#contracts';
import { sqlTime, type Database } from '#database';
import { timeOrderedId, type EventMessage } from '#messaging';
import { startService, type RunningService, type ServiceDefinition } from '#service';
import { eventually } from '#testing';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import type { DatabasePlace } from '#testing/engines';
import { PatientBroker } from '#testing/patient.broker';
import { MailForge, type ForgedMail } from '#testing/mail-forge';
import { UserEntity } from '../identity/user.entity.js';
import { EmailVerification1700000000210 } from '../migrations/1700000000210-email-verification.js';
import { Phones1700000001100 } from '../migrations/1700000001100-phones.js';
import { EmailCodesAndBlacklist1700000001110 } from '../migrations/1700000001110-email-codes-and-blacklist.js';
import { UsersAndSessions1700000000200 } from '../migrations/1700000000200-users-and-sessions.js';
import { phoneEntities } from '../phone/phone.entity.js';
import { readUserSettings, type UserSettings } from '../user.env.js';
import { EmbeddedMailbox } from './embedded-mailbox.source.js';
import { receiveMail } from './reception.inspector.js';
import { verificationEntities } from './verification.entity.js';
import {
  developmentForgeModule,
  developmentVerificationControllers,
  verificationControllers,
  verificationProviders,
} from './verification.parts.js';

export const authservId = 'mx.community.test';
const communityMailbox = 'verify@community.test';
const authSecret = 'a text for tests that is long enough '.repeat(2);

type MailInput = InputOf<typeof ReceiveVerificationMail>['mail'];

/** What a member is told of an issued code. */
export interface IssuedVerification {
  userId: number;
  id: string;
  code: string;
  email: string;
}

let people = 0;

/** The verification part of the service `user`, started for real: database, broker, mailbox, and a forge that is its DNS. */
export class VerificationWorld {
  readonly events: EventMessage[] = [];
  private readonly broker = new PatientBroker();
  private offsetMs = 0;
  private readonly keys = freshEncryptionKeys();
  private service!: RunningService;
  private readonly clockFile: string;
  /** Domains whose name servers are silent. */
  readonly failing: string[] = [];
  readonly forge: MailForge;

  private constructor(
    private readonly place: DatabasePlace,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly dataDirectory: string,
  ) {
    this.clockFile = join(dataDirectory, 'clock');
    this.forge = new MailForge({ domains: 'any', failing: this.failing, keyFile: join(dataDirectory, 'keys.json') });
  }

  /** `beside` another world: a second replica with the same mailbox. */
  static async start(
    place: DatabasePlace,
    options: { environment?: NodeJS.ProcessEnv; beside?: VerificationWorld } = {},
  ): Promise<VerificationWorld> {
    const dataDirectory = options.beside?.dataDirectory ?? mkdtempSync(join(tmpdir(), 'verification-'));
    const world = new VerificationWorld(place, options.environment ?? {}, dataDirectory);
    for (const queue of eventQueueNames) {
      const hear = async (batch: readonly EventMessage[]): Promise<void> => {
        if (queue === 'events.audit') world.events.push(...batch);
      };
      await world.broker.subscribe(queue, hear);
    }
    await world.open();
    return world;
  }

  get database(): Database {
    const { database } = this.service.runtime;
    if (!database) throw new Error('the service has no database');
    return database;
  }

  now(): Date {
    return this.service.runtime.clock.now();
  }

  async open(): Promise<void> {
    const shared = { listenForOperations: false, runtimeMetrics: false, broker: this.broker };
    this.service = await startService(definitionWith(this), { ...shared, environment: this.settings() });
  }

  async close(): Promise<void> {
    await this.service.stop();
  }

  /** Stops everything and removes the files. */
  async end(): Promise<void> {
    await this.close();
    await this.broker.close();
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }

  /** Moves the service's clock on. */
  async pass(milliseconds: number): Promise<void> {
    this.offsetMs += milliseconds;
    const before = this.now().getTime();
    writeFileSync(this.clockFile, String(this.offsetMs));
    await eventually(() => {
      if (this.now().getTime() < before + milliseconds) throw new Error('the clock stands');
    });
  }

  async addMember(status = 1): Promise<number> {
    people += 1;
    const now = sqlTime(this.now());
    const person = { kind: 'person', first_name: 'Ann', locale: 'en', status, created_at: now, updated_at: now };
    const telegramId = `${process.pid}${people}`;
    const { insertId } = await this.database.transaction((tx) =>
      tx.insert('users', { ...person, telegram_id: telegramId, creation_id: telegramId }),
    );
    return insertId;
  }

  emailOf(userId: number): Promise<{ email: string | null; email_canonical: string | null } | undefined> {
    return this.database.reader.one('SELECT email, email_canonical FROM users WHERE id = ?', [userId]);
  }

  async issue(userId: number, email: string): Promise<IssuedVerification> {
    const input = { email };
    const issued = await this.service.runtime.client.command(StartEmailVerification, input, memberCall(userId));
    return { userId, id: issued.id, code: issued.code, email };
  }

  state({ userId, id }: IssuedVerification) {
    return this.service.runtime.client.query(GetEmailVerification, { id }, memberCall(userId));
  }

  undo(token: string) {
    const call: Call = { ...memberCall(1), actor: { kind: 'visitor' } };
    return this.service.runtime.client.command(UndoEmailBinding, { token }, call);
  }

  /** By the mail form, as a person in the embedded mode does it. */
  dropMail(from: string, subject: string, text = '') {
    return this.service.runtime.client.command(DropDevelopmentMail, { from, subject, text }, memberCall(1));
  }

  /** Composes a mail as it lies in the mailbox: stamped by the receiving server with what it found. */
  async received(mail: ForgedMail): Promise<Buffer> {
    const now = this.now();
    const sent = await this.forge.compose({ date: now, to: communityMailbox, ...mail });
    return receiveMail(sent, { authservId, resolver: this.forge.resolver, now });
  }

  /** Puts a mail into the embedded mailbox from outside. */
  async deliver(raw: Buffer): Promise<void> {
    await new EmbeddedMailbox({ directory: join(this.dataDirectory, 'mailbox') }).append(raw);
  }

  /** Hands over a judged mail as the listener does; a proven one from `from` unless changed. */
  hand(
    mail: Partial<MailInput>,
    at: { folder?: string; uid?: number; validity?: string; key?: string; call?: Call } = {},
  ) {
    const { folder = 'INBOX', uid = 1, validity = '1' } = at;
    const proven: MailInput = {
      decision: 'accept',
      reason: null,
      grade: 'normal',
      from_address: null,
      codes: [],
      message_id: `<${timeOrderedId(this.now())}@test>`,
      signature_hash: null,
      evidence: { own: 'pass' },
    };
    const cursor = { mailbox: 'by hand', folder, uid_validity: validity, last_uid: uid };
    const input = { mail: { ...proven, ...mail }, cursor };
    const options = at.key === undefined ? {} : { idempotencyKey: at.key };
    return this.service.runtime.client.command(ReceiveVerificationMail, input, at.call ?? systemCall, options);
  }

  /** The published payloads of an event that concern a member. */
  heard(name: string, userId?: number): Record<string, unknown>[] {
    return this.events
      .filter((event) => event.name === name && (userId === undefined || event.change?.user_id === userId))
      .map(({ payload }) => payload as Record<string, unknown>);
  }

  /** Verifications and mails with this outcome since the service was started. */
  counted(outcome: string): Promise<number> {
    return this.metric(`coser_email_verifications_total{outcome="${outcome}"`);
  }

  async metric(line: string): Promise<number> {
    const text = await this.service.runtime.metrics.registry.metrics();
    const found = text.split('\n').find((candidate) => candidate.startsWith(line));
    return Number(found?.split(' ').at(-1));
  }

  private settings(): NodeJS.ProcessEnv {
    return {
      AUTH_SECRET: authSecret,
      ...this.keys,
      DATA_DIR: this.dataDirectory,
      MYSQL_URL: this.place.mysqlUrl,
      CLOCK_OFFSET_FILE: this.clockFile,
      LOG_LEVEL: 'silent',
      MAIL_AUTHSERV_ID: authservId,
      VERIFY_MAILBOX: communityMailbox,
      ...this.environment,
    };
  }
}

const systemCall: Call = {
  request_id: 'test',
  actor: { kind: 'system', name: 'mailbox' },
  channel: 'system',
  locale: 'en',
};

export function memberCall(userId: number): Call {
  return {
    request_id: timeOrderedId(new Date()),
    actor: { kind: 'user', user_id: userId, role: 'member' },
    channel: 'rest',
    locale: 'en',
  };
}

function definitionWith(world: VerificationWorld): ServiceDefinition<UserSettings> {
  const { forge } = world;
  const compose: MailForge['compose'] = (mail) => forge.compose({ date: world.now(), ...mail });

  @Module({ controllers: verificationControllers, providers: verificationProviders, exports: verificationProviders })
  class VerificationModule {}

  @Module({
    imports: [developmentForgeModule({ compose, resolver: forge.resolver }), VerificationModule],
    controllers: developmentVerificationControllers,
  })
  class VerificationWorldModule {}

  return {
    name: 'user',
    module: VerificationWorldModule,
    readSettings: readUserSettings,
    tables: {
      entities: [UserEntity, ...verificationEntities, ...phoneEntities],
      migrations: [
        UsersAndSessions1700000000200,
        EmailVerification1700000000210,
        Phones1700000001100,
        EmailCodesAndBlacklist1700000001110,
      ],
    },
    operationsPort: () => 0,
  };
}
