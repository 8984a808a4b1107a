import type { EmbeddedPlatform, RealPlatform, RestClient, Tokens } from '../platform/index.js';

export interface Participant {
  readonly userId: number;
  readonly tokens: Tokens;
}

/** Who prepares what a run is about, and takes no part. */
export interface Admin {
  readonly userId: number;
  readonly client: RestClient;
}

const firstTelegramId = 5_000_000;
const atATime = 24;
/** Every tenth member has opened the chat with the bot; Telegram lets it write to nobody else. */
const chatEvery = 10;

/** Signs the members of a run in, before anything goes wrong. `authDate`: Unix seconds on the platform's clock. */
export function signInParticipants(platform: RealPlatform, count: number, authDate: number): Promise<Participant[]> {
  return signInAll(count, async (index, id) => {
    const member = platform.emulator.member({ id, first_name: `Member ${index}`, language_code: 'en' });
    if (index % chatEvery === 0) await member.start();
    return platform.client.signInByInitData(platform.emulator, id, authDate);
  });
}

/** The same in the embedded mode, by its development login. */
export function signInForDevelopment(platform: EmbeddedPlatform, count: number): Promise<Participant[]> {
  return signInAll(count, (index, id) =>
    platform.client.devLogin({ telegram_id: String(id), first_name: `Member ${index}` }),
  );
}

/** The configured admin. */
export async function signInAdmin(platform: RealPlatform, authDate: number): Promise<Admin> {
  const id = platform.adminTelegramId;
  platform.emulator.member({ id, first_name: 'Admin', language_code: 'en' });
  return adminOf(await platform.client.signInByInitData(platform.emulator, id, authDate));
}

/** The same in the embedded mode. */
export async function signInDevelopmentAdmin(platform: EmbeddedPlatform): Promise<Admin> {
  const person = { telegram_id: String(firstTelegramId - 1), first_name: 'Admin', role: 'super_admin' } as const;
  return adminOf(await platform.client.devLogin(person));
}

function adminOf(client: RestClient): Admin {
  return { userId: userIdIn(client.tokens.access_token), client };
}

async function signInAll(
  count: number,
  signIn: (index: number, telegramId: number) => Promise<RestClient>,
): Promise<Participant[]> {
  const participants: Participant[] = [];
  const numbers = Array.from({ length: count }, (_, index) => index)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const index of numbers) {
      const { tokens } = await signIn(index, firstTelegramId + index);
      participants[index] = { userId: userIdIn(tokens.access_token), tokens };
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return participants;
}

function userIdIn(accessToken: string): number {
  const claims = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString();
  return Number((JSON.parse(claims) as { sub: string }).sub);
}
