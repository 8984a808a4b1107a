import type { RealPlatform, Tokens } from '../platform/index.js';

export interface Participant {
  readonly userId: number;
  readonly tokens: Tokens;
}

const firstTelegramId = 5_000_000;
const atATime = 24;
/** Every tenth member has opened the chat with the bot; Telegram lets it write to nobody else. */
const chatEvery = 10;

/** Signs the members of a run in, before anything goes wrong. `authDate`: Unix seconds on the platform's clock. */
export async function signInParticipants(
  platform: RealPlatform,
  count: number,
  authDate: number,
): Promise<Participant[]> {
  const participants: Participant[] = [];
  const numbers = Array.from({ length: count }, (_, index) => index)[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const index of numbers) {
      const id = firstTelegramId + index;
      const member = platform.emulator.member({ id, first_name: `Member ${index}`, language_code: 'en' });
      const { tokens } = await platform.client.signInByInitData(platform.emulator, id, authDate);
      if (index % chatEvery === 0) await member.start();
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
