import { eventually } from '#testing';
import { freshAddress } from '../stages/fresh.names.js';
import type { RealStage } from '../stages/index.js';

/** Something that must not be found in a log. */
export interface Canary {
  what: string;
  value: string;
}

const soon = { timeoutMs: 30_000 };

/** Lets a few members do everything that a panel shows, and returns what was secret about it. */
export async function makeLittleLoad(stage: RealStage): Promise<Canary[]> {
  const canaries: Canary[] = [];
  for (const name of ['Ada', 'Bea', 'Cleo']) canaries.push(...(await liveOneDay(stage, name)));
  await meetRefusals(stage);
  // A message that no service of ours would write ends among the dead letters.
  await stage.platform.places.rabbit.publishRaw('events', 'points.checked_in.v1', 'no message');
  return [...canaries, ...secretsOf(stage)];
}

async function liveOneDay(stage: RealStage, name: string): Promise<Canary[]> {
  const { chat, rest } = await stage.person({ first_name: name, language_code: 'en' });
  await chat.start();
  await chat.waitForMessage(/Good to see you again/, soon);
  await chat.send('/register COSPLAY7');
  await chat.waitForMessage(/Welcome aboard/, soon);
  await rest.post('/v1/check-ins');
  const email = freshAddress(name.toLowerCase());
  const { code } = await rest.post<{ code: string }>('/v1/users/me/email-verifications', { body: { email } });
  await stage.mail({ from: email, subject: 'no code yet', text: '' });
  await stage.mail({ from: email, subject: code, text: '' });
  await chat.waitForMessage(/is now linked to your account/, soon);
  const undoToken = await undoTokenOf(stage, email);
  const renewed = await rest.post<{ access_token: string; refresh_token: string }>('/v1/auth/refresh', {
    body: { refresh_token: rest.tokens.refresh_token },
  });
  return [
    { what: `${name}'s address`, value: email },
    { what: `${name}'s code`, value: code },
    { what: `${name}'s undo token`, value: undoToken },
    { what: `${name}'s access token`, value: signatureOf(rest.tokens.access_token) },
    { what: `${name}'s refresh token`, value: rest.tokens.refresh_token },
    { what: `${name}'s new access token`, value: signatureOf(renewed.access_token) },
    { what: `${name}'s new refresh token`, value: renewed.refresh_token },
  ];
}

/** Limits, wrong input and a session that was stolen. */
async function meetRefusals(stage: RealStage): Promise<void> {
  const { rest } = await stage.person({ first_name: 'Dora', language_code: 'en' });
  for (let request = 0; request < 6; request += 1)
    await rest.call('POST', '/v1/users/me/email-verifications', { body: { email: freshAddress('dora') } });
  await rest.call('POST', '/v1/registrations', { body: { invite_code: 'NOSUCH77' } });
  await rest.call('POST', '/v1/auth/refresh', { body: { refresh_token: 'x'.repeat(43) } });
  await rest.call('GET', '/v1/nothing');
}

async function undoTokenOf(stage: RealStage, email: string): Promise<string> {
  return eventually(async () => {
    const [reply] = await stage.repliesTo(email);
    const token = /\/v1\/email-undos\/(\S+)/.exec(reply?.text ?? '')?.[1];
    if (token === undefined) throw new Error('there is no reply mail yet');
    return token;
  }, soon);
}

/** The header and the payload of a token are no secret; what makes it one is its signature. */
function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf('.') + 1);
}

function secretsOf(stage: RealStage): Canary[] {
  const { places } = stage.platform;
  const accountOf = (url: string): string => url.slice(url.indexOf('//') + 2, url.lastIndexOf('@') + 1);
  return [
    { what: 'the account of the mailbox', value: accountOf(places.mailbox.imapUrl) },
    { what: 'the account of the database', value: accountOf(places.mysqlUrl) },
    { what: 'the account of the broker', value: accountOf(places.rabbit.url()) },
    ...Object.entries(stage.platform.secrets).map(([what, value]) => ({ what, value })),
  ];
}
