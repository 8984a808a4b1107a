import type { BotEmulator, EmulatedMember, MemberProfile } from '#testing';
import type { RestClient } from '../platform/index.js';

export interface StageOptions {
  /** Added to the platform's environment. */
  environment?: Record<string, string>;
  /** How the bot of the real platform gets its updates; the embedded one always polls. Default `polling`. */
  updates?: 'webhook' | 'polling';
  /**
   * Telegram lets one chat have a message a second. `brisk`, the default, lets it have them as they come: tests type and press
   * faster than people, and would wait for that second after each press. `real` keeps Telegram's pace.
   */
  chatPace?: 'real' | 'brisk';
}

/** A mail that the platform has sent. */
export interface ReceivedReply {
  to: string;
  subject: string;
  text: string;
}

/** Somebody who uses both doors of the platform. */
export interface Person {
  readonly chat: EmulatedMember;
  readonly rest: RestClient;
}

/** A running platform, whichever parts it runs on, with what stands around it: Telegram, mail, a clock. */
export interface Stage {
  readonly isReal: boolean;
  readonly emulator: BotEmulator;
  /** Not signed in. */
  readonly client: RestClient;
  /** Meets the platform by the Mini App (U-14). */
  person(profile: MemberProfile): Promise<Person>;
  /** The one that TELEGRAM_ADMIN_ID names. */
  admin(): Promise<RestClient>;
  /** The same, freshly confirmed: for what is dangerous (U-13). */
  steppedUpAdmin(): Promise<RestClient>;
  /** A member mails: what arrives is signed by the sender's provider and stamped by the community's. */
  mail(mail: { from: string; subject: string; text: string }): Promise<void>;
  repliesTo(address: string): Promise<ReceivedReply[]>;
  /** `/metrics` of every service. */
  metrics(): Promise<string>;
  clockOffset(offsetMs: number): Promise<void>;
  /** Where in the platform's stores (tables, audit log, cache, files) one of these texts stands. */
  findInStores(needles: readonly string[]): Promise<string[]>;
  logs(): string;
  stop(): Promise<void>;
}
