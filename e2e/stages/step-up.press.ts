import type { EmulatedMember } from '#testing';
import type { RestClient } from '../platform/index.js';

interface StepUp {
  id: string;
  status: string;
  access_token: string | null;
}

/** Asks for a fresh confirmation and gives it in the bot (U-13); the client that comes back may do what is dangerous. */
export async function steppedUp(chat: EmulatedMember, rest: RestClient): Promise<RestClient> {
  const { id } = await rest.post<StepUp>('/v1/auth/step-ups', { body: {} });
  await chat.send('/confirm');
  await chat.click('✅ Yes, it is me');
  await chat.waitForMessage(/Confirmed/);
  const { access_token } = await rest.get<StepUp>(`/v1/auth/step-ups/${id}`);
  if (access_token === null) throw new Error('the confirmation earned no token');
  return rest.withTokens({ ...rest.tokens, access_token });
}
