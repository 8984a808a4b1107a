import {
  AskForPhoneContact,
  BindPhoneByContact,
  ConfirmPhoneVerification,
  GetPhone,
  PhoneVerificationStarted,
  SignInForDevelopment,
  StartPhoneVerification,
  UnbindPhone,
  type Call,
  type InputOf,
} from '#contracts';
import { encryptionEnvironment, FieldCipher, openCode } from '#encryption';
import { eventually } from '#testing';
import { freshEncryptionKeys } from '#testing/encryption.keys';
import type { DatabaseEngine } from '#testing/engines';
import { callOf, ServiceHost } from '#testing/service.host';
import { startUserHost, visitor } from '../user-host.fixture.js';

export interface PhonePerson {
  readonly userId: number;
  readonly telegramId: string;
}

export type Keys = ReturnType<typeof freshEncryptionKeys>;

let people = 0;
let numbers = 0;

/** Mobile numbers nobody has: one of Russia's ranges, counted up. */
export function freshNumber(): string {
  numbers += 1;
  return `+7912${String(process.pid % 1_000).padStart(3, '0')}${String(numbers).padStart(4, '0')}`;
}

/** The user service for the suites of phone numbers; reads the codes as the sender of the messages does. */
export class PhoneWorld {
  private constructor(
    readonly host: ServiceHost,
    readonly keys: Keys,
  ) {}

  static async start(engine: DatabaseEngine, keys: Keys = freshEncryptionKeys()): Promise<PhoneWorld> {
    const host = await startUserHost(engine, {
      ...keys,
    });
    return new PhoneWorld(host, keys);
  }

  async person(): Promise<PhonePerson> {
    people += 1;
    // Never the tail of a number: those end in a count, and the count stands first here.
    const telegramId = `${100_000 + people}${process.pid}`;
    const signedIn = await this.host.client.command(
      SignInForDevelopment,
      { telegram_id: telegramId, first_name: 'Ann' },
      visitor,
    );
    return { userId: signedIn.user.id, telegramId };
  }

  start({ userId }: PhonePerson, phone: string, country?: string) {
    return this.host.client.command(StartPhoneVerification, { phone, ...(country && { country }) }, restCall(userId));
  }

  confirm({ userId }: PhonePerson, id: string, code: string) {
    return this.host.client.command(ConfirmPhoneVerification, { id, code }, restCall(userId));
  }

  /** The code as it goes to the number. */
  async codeOf(id: string): Promise<{ to: string; code: string }> {
    const issued = await eventually(() => {
      const found = this.host.payloadsOf(PhoneVerificationStarted).find((event) => event.verification_id === id);
      if (!found?.sealed_code) throw new Error('no code yet');
      return found.sealed_code;
    });
    const ring = encryptionEnvironment.ENCRYPTION_KEYS.parse(this.keys.ENCRYPTION_KEYS);
    return openCode(new FieldCipher(ring), id, issued);
  }

  async bindBySms(person: PhonePerson, phone: string): Promise<void> {
    const { id } = await this.start(person, phone);
    await this.confirm(person, id, (await this.codeOf(id)).code);
  }

  ask({ userId }: PhonePerson) {
    return this.host.client.command(AskForPhoneContact, {}, botCall(userId));
  }

  share(
    { userId, telegramId }: PhonePerson,
    phone: string,
    changes: Partial<InputOf<typeof BindPhoneByContact>> = {},
    call: Call = botCall(userId),
  ) {
    const own = { phone, contact_user_id: telegramId, chat_type: 'private', forwarded: false };
    return this.host.client.command(BindPhoneByContact, { ...own, ...changes }, call);
  }

  /** The same contact under one key, as an update that comes again. */
  shareOnce({ telegramId }: PhonePerson, phone: string, call: Call) {
    const own = { phone, contact_user_id: telegramId, chat_type: 'private', forwarded: false };
    return this.host.client.command(BindPhoneByContact, own, call, { idempotencyKey: `share:${telegramId}` });
  }

  phoneOf({ userId }: PhonePerson) {
    return this.host.client.query(GetPhone, {}, restCall(userId));
  }

  unbind({ userId }: PhonePerson) {
    return this.host.client.command(UnbindPhone, {}, restCall(userId));
  }

  async rows(table: string, userId: number): Promise<Record<string, unknown>[]> {
    return this.host.database.reader.query(`SELECT * FROM ${table} WHERE user_id = ?`, [userId]);
  }
}

export function restCall(userId: number): Call {
  return callOf({ kind: 'user', user_id: userId, role: 'member' });
}

function botCall(userId: number): Call {
  return { ...restCall(userId), channel: 'bot' };
}
