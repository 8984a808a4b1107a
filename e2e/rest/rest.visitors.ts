import type { RestClient } from '../platform/index.js';
import { steppedUp, type Stage } from '../stages/index.js';
import type { Operation } from './openapi.reader.js';
import { runningActivity } from './activity.expectations.js';
import { RestProbe } from './rest.probe.js';

/** The secret of the platforms under test, so that nearly right tokens can be forged. */
export const authSecret = 'e2e-'.repeat(12);

/** Well before five minutes are over. */
const sureForMs = 120_000;

export const restEnvironment = {
  AUTH_SECRET: authSecret,
  // Every request says its address as a proxy would: limits per IP can be met and avoided on purpose.
  TRUSTED_PROXIES: '1',
  RATE_LIMIT_PER_USER_PER_MINUTE: '3000',
};

/** Who calls: a member, another one, an admin. */
export interface Visitors {
  probe: RestProbe;
  member: Visitor;
  other: Visitor;
  admin: Visitor;
  /** An operator, once operators have one permission and no other. */
  operatorWith: (permission: string) => Promise<Visitor>;
  /** Confirms anew for the admin and the operator, whose confirmations hold for five minutes. */
  keepSure: () => Promise<void>;
  /** Somebody who was never here. */
  fresh: () => Promise<Visitor>;
}

export interface Visitor {
  authorization: string;
  accessToken: string;
  refreshToken: string;
  telegramId: number;
}

export async function visitorsOf(stage: Stage, operations: readonly Operation[]): Promise<Visitors> {
  const administrator = await stage.steppedUpAdmin();
  await furnish(stage, administrator);
  const admin = visitorWith(administrator.tokens, 0);
  const operator = await stage.person({ first_name: 'Operator', language_code: 'en' });
  const operating = visitorWith((await steppedUp(operator.chat, operator.rest)).tokens, operator.chat.id);
  let sure = administrator;
  let sureSince = performance.now();
  return {
    probe: new RestProbe(stage.client.baseUrl, operations),
    member: await freshVisitor(stage),
    other: await freshVisitor(stage),
    admin,
    operatorWith: await operatorOf(operator.rest, operating, () => sure),
    async keepSure() {
      if (performance.now() - sureSince < sureForMs) return;
      sureSince = performance.now();
      sure = await stage.steppedUpAdmin();
      Object.assign(admin, visitorWith(sure.tokens, 0));
      Object.assign(operating, visitorWith((await steppedUp(operator.chat, operator.rest)).tokens, operator.chat.id));
    },
    fresh: () => freshVisitor(stage),
  };
}

async function operatorOf(
  rest: RestClient,
  operator: Visitor,
  adminNow: () => RestClient,
): Promise<Visitors['operatorWith']> {
  const { id } = await rest.get<{ id: number }>('/v1/users/me');
  await adminNow().call('PUT', `/v1/admin/users/${id}/role`, {
    body: { role: 'operator', reason: 'has one permission' },
  });
  let had: string | undefined;
  return async (permission) => {
    if (permission !== had) {
      const body = { permissions: [permission] };
      const { status } = await adminNow().call('PUT', '/v1/admin/roles/operator/permissions', { body });
      if (status !== 200) throw new Error(`operators cannot be given ${permission}: ${status}`);
      had = permission;
    }
    return operator;
  };
}

/** Makes what the paths with the id 1 name. */
async function furnish(stage: Stage, admin: RestClient): Promise<void> {
  const { id } = await admin.post<{ id: number }>('/v1/admin/activities', { body: runningActivity });
  await admin.call('PUT', `/v1/admin/activities/${id}/state`, { body: { state: 'open' } });
  const { rest } = await stage.person({ first_name: 'Author', language_code: 'en' });
  await rest.post('/v1/contents', { body: { kind: 'text', title: 'Armour', text: 'how I made it' } });
}

/** Somebody who was never here, signed in. */
export async function freshVisitor(stage: Stage, languageCode = 'en'): Promise<Visitor> {
  const { chat, rest } = await stage.person({ first_name: 'Visitor', language_code: languageCode });
  return visitorWith(rest.tokens, chat.id);
}

function visitorWith(tokens: { access_token: string; refresh_token: string }, telegramId: number): Visitor {
  return {
    authorization: `Bearer ${tokens.access_token}`,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    telegramId,
  };
}
