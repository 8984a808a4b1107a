import type { BotEmulator, MemberProfile } from '#testing';
import type { RestClient } from '../platform/index.js';
import type { Person } from './stage.types.js';

/** Opens the Mini App as this person of the emulated Telegram. */
export async function personOf(client: RestClient, emulator: BotEmulator, profile: MemberProfile): Promise<Person> {
  const chat = emulator.member(profile);
  return { chat, rest: await client.signInByInitData(emulator, chat.id) };
}
