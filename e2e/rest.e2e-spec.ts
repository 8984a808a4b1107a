import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { forgedInitData } from './rest/forged.init-data.js';
import { forgedTokens } from './rest/forged.tokens.js';
import {
  inFixedOrder,
  operationsOf,
  readOpenApi,
  withoutDevelopment,
  type OpenApiDocument,
  type Operation,
} from './rest/openapi.reader.js';
import { expectations } from './rest/operation.expectations.js';
import { freshIp, RestProbe, type Probed } from './rest/rest.probe.js';
import { freshVisitor, authSecret, restEnvironment, visitorsOf, type Visitors } from './rest/rest.visitors.js';
import { wrongBodies, wrongQueries } from './rest/wrong.inputs.js';
import { freshAddress, freshKey } from './stages/fresh.names.js';
import { stageKinds, useStage } from './stages/index.js';

const document = readOpenApi();
const operations = operationsOf(document);
const limitBytes = 1_048_576;

it('A-02: knows every endpoint of the OpenAPI document, and no other', () => {
  expect(Object.keys(expectations).sort()).toEqual(operations.map(({ name }) => name).sort());
});

it('U-13: asks for a permission by name wherever not every member may come', () => {
  const named = operations.filter(({ permission }) => permission !== undefined);
  expect(forStaff.map(({ name }) => name).sort()).toEqual(named.map(({ name }) => name).sort());
});

function expectationOf({ name }: Operation) {
  const expectation = expectations[name];
  if (!expectation) throw new Error(`${name} has no expectation`);
  return expectation;
}

/** Refusals of each kind: by a guard, by a pipe, by a service, by the parser. */
const refusals = [
  { what: 'who is not signed in', name: 'GET /v1/users/me', isMember: false },
  { what: 'what is wrong with a body', name: 'POST /v1/registrations', body: {}, isMember: true },
  { what: 'that a code is unknown', name: 'POST /v1/registrations', body: { invite_code: 'NOSUCH77' }, isMember: true },
  { what: 'that something is for admins', name: 'GET /v1/audit-logs', isMember: true },
  { what: 'that a link is used', name: 'POST /v1/email-undos', body: { token: 'x'.repeat(43) }, isMember: false },
];

const takingBodies = operations.filter((operation) => expectationOf(operation).body !== undefined);
/** Those of one permission together, so that it is given once. */
const forStaff = operations
  .filter((operation) => expectationOf(operation).access === 'admin')
  .sort((one, other) => (one.permission ?? '').localeCompare(other.permission ?? ''));
const idempotent = operations.filter(({ isIdempotent }) => isIdempotent);

describe.each(stageKinds)('bad input by REST on $title', (kind) => {
  const stage = useStage(kind, { environment: restEnvironment });
  let visitors: Visitors;
  beforeAll(async () => {
    if (kind.isThere) visitors = await visitorsOf(stage(), operations);
  });
  beforeEach(async () => {
    if (kind.isThere) await visitors.keepSure();
  });
  const exists = ({ isDevelopment }: Operation): boolean => !isDevelopment || !stage().isReal;
  const tokenFor = (operation: Operation): string | undefined => {
    const { access, needsConfirmation } = expectationOf(operation);
    const member = needsConfirmation ? visitors.admin : visitors.member;
    return { public: undefined, page: undefined, member, admin: visitors.admin }[access]?.authorization;
  };

  /** Somebody new who may call it; for what is the admins' the one admin there is. */
  const callerOf = async (operation: Operation): Promise<string> => {
    const { access, needsMembership, needsDeletion, needsPlace } = expectationOf(operation);
    if (access === 'admin') return visitors.admin.authorization;
    const { authorization } = await freshVisitor(stage());
    if (needsDeletion) {
      const asked = await visitors.probe.send('POST /v1/users/me/deletion', { authorization, body: {} });
      expect(asked.status).toBe(202);
    }
    if (needsMembership) {
      const body = { invite_code: 'COSPLAY7' };
      expect((await visitors.probe.send('POST /v1/registrations', { authorization, body })).status).toBe(201);
    }
    if (needsPlace) {
      const participation = { authorization, path: { id: '1' }, body: {} };
      expect((await visitors.probe.send('POST /v1/activities/{id}/participation', participation)).status).toBe(201);
    }
    return authorization;
  };

  /** What a call of it sends to succeed. */
  const rightCall = async (operation: Operation) => {
    const { body, path = {}, query, prepare } = expectationOf(operation);
    const prepared = await prepare?.(visitors);
    return {
      ...(body && { body: { ...body, ...prepared?.body } }),
      ...(query && { query }),
      path: { ...path, ...prepared?.path },
    };
  };

  it('A-02: is documented where it is served', async () => {
    const served = await fetch(`${stage().client.baseUrl}/docs-json`);
    const wanted = stage().isReal ? withoutDevelopment(document) : document;
    expect(inFixedOrder((await served.json()) as OpenApiDocument)).toEqual(inFixedOrder(wanted));
    const console = await fetch(`${stage().client.baseUrl}/docs`);
    expect([console.status, console.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it.each(operations.filter(({ isDevelopment }) => isDevelopment))(
    '$name is there in the embedded mode only',
    async (operation) => {
      const { probe } = visitors;
      if (!stage().isReal) return;
      const answer = await probe.sendElsewhere(operation.method, operation.path, {
        body: expectationOf(operation).body,
      });
      expect([answer.status, answer.code]).toEqual([404, 10004]);
    },
  );

  it.each(operations.filter(({ needsToken }) => needsToken))(
    '$name lets nobody in without a genuine token',
    async (operation) => {
      const { probe, member } = visitors;
      const { body } = expectationOf(operation);
      const vectors = forgedTokens(authSecret, member);
      expect(vectors.length).toBeGreaterThanOrEqual(12);
      for (const { what, authorization, code } of vectors) {
        const answer = await probe.send(operation.name, { authorization, ...(body && { body }) });
        expect([what, answer.status, answer.code]).toEqual([what, 401, code]);
      }
    },
  );

  it.each(forStaff)('U-13: $name is for who has $permission, and for no member', async (operation) => {
    const { probe, member } = visitors;
    const call = await rightCall(operation);
    const { outcome, outcomeOfRank } = expectationOf(operation);
    const refused = await probe.send(operation.name, { authorization: member.authorization, ...call });
    expect([refused.status, refused.code]).toEqual([403, 20012]);
    const { authorization } = await visitors.operatorWith(operation.permission ?? 'none');
    const allowed = await probe.send(operation.name, { authorization, ...call });
    const { status, code } = outcomeOfRank ?? outcome ?? { status: operation.method === 'POST' ? 201 : 200, code: 0 };
    expect([allowed.status, allowed.code]).toEqual([status, code]);
  });

  it.each(takingBodies)('A-01: $name refuses bodies that are none', async (operation) => {
    if (!exists(operation)) return;
    const { probe } = visitors;
    const authorization = tokenFor(operation);
    const send = async (rawBody: string | Buffer, contentType?: string) => {
      const { status, code } = await probe.send(operation.name, {
        authorization,
        rawBody,
        ...(contentType && { contentType }),
      });
      return [status, code];
    };
    for (const broken of ['{', '{"a":1,}', 'hello', '{"__proto__":{"a":1}}', '\u0000'])
      expect([broken, ...(await send(broken))]).toEqual([broken, 400, 10006]);
    expect(await send('<a/>', 'application/xml')).toEqual([415, 10007]);
    expect(await send('{}', 'text/plain')).toEqual([415, 10007]);
    expect(await send(JSON.stringify('x'.repeat(limitBytes)))).toEqual([413, 10005]);
  });

  it.each(takingBodies)('A-01: $name names what is wrong with a body', async (operation) => {
    if (!exists(operation)) return;
    const { probe } = visitors;
    const { body: right = {}, path = {} } = expectationOf(operation);
    for (const { fault, value } of wrongBodies(operation.body ?? { properties: {} }, right)) {
      const answer = await probe.send(operation.name, { authorization: tokenFor(operation), body: value, path });
      expect([fault, answer.status, answer.code]).toEqual([fault, 400, 20001]);
      const { problems } = answer.data as { problems: { path: string; problem: string }[] };
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  it.each(operations.filter(({ query }) => query.length > 0))(
    '$name names what is wrong with a query',
    async (operation) => {
      for (const { fault, value } of wrongQueries(operation)) {
        const answer = await visitors.probe.send(operation.name, { authorization: tokenFor(operation), query: value });
        expect([fault, answer.status, answer.code]).toEqual([fault, 400, 20001]);
      }
    },
  );

  it.each(operations.filter((operation) => expectationOf(operation).unknownPath))(
    '$name says when there is no such thing',
    async (operation) => {
      const { body, unknownPath } = expectationOf(operation);
      const { path = {}, status, code } = unknownPath ?? {};
      const answer = await visitors.probe.send(operation.name, { authorization: tokenFor(operation), body, path });
      expect([answer.status, answer.code]).toEqual([status, code]);
    },
  );

  it.each(idempotent)(
    'A-03: $name does once what is asked twice with one key, and refuses another body',
    async (operation) => {
      const { probe } = visitors;
      const authorization = await callerOf(operation);
      const { otherBody, outcome } = expectationOf(operation);
      const { body, path } = await rightCall(operation);
      const headers = { 'idempotency-key': freshKey() };
      const first = await probe.send(operation.name, { authorization, body, path, headers });
      const again = await probe.send(operation.name, { authorization, body, path, headers });
      if (outcome) expect([first.status, first.code]).toEqual([outcome.status, outcome.code]);
      else expect(first.status).toBeLessThan(300);
      expect([again.status, again.data]).toEqual([first.status, first.data]);
      const other = await probe.send(operation.name, { authorization, body: otherBody, path, headers });
      expect([other.status, other.code]).toEqual(operation.body ? [422, 20020] : [400, 20001]);
      const somebodyElse = await callerOf(operation);
      const theirs = await probe.send(operation.name, { authorization: somebodyElse, body, path, headers });
      expect(theirs.status).toBe(first.status);
      for (const key of ['two words', 'ü', 'x'.repeat(256)]) {
        const refused = await probe.send(operation.name, {
          authorization,
          body,
          path,
          headers: { 'idempotency-key': key },
        });
        expect([key, refused.status, refused.code]).toEqual([key, 400, 20021]);
      }
    },
  );

  it('A-01: answers on routes that do not exist, and on paths that are none', async () => {
    const { probe } = visitors;
    for (const [method, path] of [
      ['GET', '/v1/nothing'],
      ['DELETE', '/v1/users/me'],
      ['GET', '/'],
      ['GET', `/v1/users/me/email-verifications/${'x'.repeat(400)}`],
      ['POST', '/v1/points/balance'],
    ] as const) {
      const answer = await probe.sendElsewhere(method, path, { authorization: visitors.member.authorization });
      expect([path, answer.status, answer.code]).toEqual([path, 404, 10004]);
    }
    const bad = await probe.sendElsewhere('GET', '/v1/%E0%A4%A');
    expect(bad.status).toBeLessThan(500);
  });

  it('U-07: shows a verification to its owner only', async () => {
    const { probe, member, other } = visitors;
    const started = await probe.send('POST /v1/users/me/email-verifications', {
      authorization: member.authorization,
      body: { email: freshAddress('owner') },
    });
    const path = { id: (started.data as { id: string }).id };
    const state = (authorization: string) =>
      probe.send('GET /v1/users/me/email-verifications/{id}', { authorization, path });
    expect(await state(member.authorization)).toMatchObject({ status: 200, data: { status: 'pending' } });
    expect(await state(other.authorization)).toMatchObject({ status: 404, code: 20306 });
  });

  it('U-07: gives a member five codes in an hour', async () => {
    const { authorization } = await freshVisitor(stage());
    const codes: number[] = [];
    for (let request = 1; request <= 6; request += 1) codes.push((await startVerification(authorization)).code);
    expect(codes).toEqual([0, 0, 0, 0, 0, 20304]);
  });

  it('U-07: takes ten verification requests in an hour from one address', async () => {
    const ip = freshIp();
    const codes: number[] = [];
    for (const count of [4, 4, 3]) {
      const { authorization } = await freshVisitor(stage());
      for (let request = 1; request <= count; request += 1)
        codes.push((await startVerification(authorization, ip)).code);
    }
    expect(codes).toEqual([...Array<number>(10).fill(0), 20305]);
  });

  it('A-03: takes so many requests of one member in a minute, and says when there is room again', async () => {
    const { authorization } = await freshVisitor(stage());
    const limit = Number(restEnvironment.RATE_LIMIT_PER_USER_PER_MINUTE);
    let refused: Probed | undefined;
    // Twice the limit, should a minute end meanwhile.
    for (let sent = 0; sent < 2 * limit + 50 && !refused; sent += 25) {
      const bundle = Array.from({ length: 25 }, () => visitors.probe.send('GET /v1/points/balance', { authorization }));
      refused = (await Promise.all(bundle)).find(({ status }) => status === 429);
    }
    expect(refused?.code).toBe(10003);
    expect(refused?.data).toEqual({ retry_after_seconds: Number(refused?.headers['retry-after']) });
  });

  it.each(refusals)('A-01: says $what in the language of the caller', async ({ name, body, isMember }) => {
    const authorization = isMember ? visitors.member.authorization : undefined;
    const sentence = async (language: string): Promise<string> => {
      const headers = { 'accept-language': language };
      return (await visitors.probe.send(name, { authorization, headers, ...(body && { body }) })).message;
    };
    const [chinese, english, russian] = [
      await sentence('zh-CN,zh;q=0.9'),
      await sentence('en-GB'),
      await sentence('ru'),
    ];
    expect(chinese).toMatch(/\p{Script=Han}/u);
    expect(english).toMatch(/^[A-Z][a-z]/);
    expect(russian).toMatch(/\p{Script=Cyrillic}/u);
    expect(await sentence('fr')).toBe(english);
  });

  it('A-01, O-04: keeps the request id of the caller, in the answer and in the audit entries', async () => {
    const { probe } = visitors;
    const { authorization } = await freshVisitor(stage());
    const requestId = `e2e-${freshKey()}`;
    const headers = { 'x-request-id': requestId };
    const answer = await probe.send('POST /v1/check-ins', { authorization, body: {}, headers });
    expect(answer.request_id).toBe(requestId);
    await eventually(async () => {
      const query = `request_id=${requestId}`;
      const found = await probe.send('GET /v1/audit-logs', { authorization: visitors.admin.authorization, query });
      const { items } = found.data as { items: { event: string; ip: string | null; after: unknown }[] };
      expect(items.map(({ event }) => event)).toContain('points.checked_in.v1');
      expect(items.every(({ ip }) => ip?.startsWith('10.'))).toBe(true);
    });
    for (const malformed of ['short', 'two words', 'x'.repeat(65)]) {
      const replaced = await probe.send('GET /v1/points/balance', {
        authorization,
        headers: { 'x-request-id': malformed },
      });
      expect(replaced.request_id).not.toBe(malformed);
    }
  });

  it('U-14: signs in with data that Telegram has signed, and with no other', async () => {
    const { chat } = await stage().person({ first_name: 'Signer', language_code: 'en' });
    const genuine = stage().emulator.initData(chat.id);
    expect(await signIn(genuine)).toEqual([200, 0]);
    for (const { what, initData, code } of forgedInitData(stage().emulator, chat.id))
      expect([what, ...(await signIn(initData))]).toEqual([what, 401, code]);
  });

  it('U-14: rotates refresh tokens; an old one that comes back ends the session', async () => {
    const { refreshToken } = await freshVisitor(stage());
    const second = await refresh(refreshToken);
    expect(second.status).toBe(200);
    const newest = (await refresh(tokenIn(second))).data as { access_token: string; refresh_token: string };
    const me = await visitors.probe.send('GET /v1/users/me', { authorization: `Bearer ${newest.access_token}` });
    expect(me.status).toBe(200);
    // A reply that was lost on the way is asked for again at once; later the old token can only be a thief's.
    await stage().clockOffset(60_000);
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 20016 });
    expect(await refresh(newest.refresh_token)).toMatchObject({ status: 401, code: 20015 });
    await stage().clockOffset(0);
  });

  it('U-14: ends a session by logout, and tells nobody whether the token was one', async () => {
    const { refreshToken } = await freshVisitor(stage());
    const logout = (token: string) => visitors.probe.send('POST /v1/auth/logout', { body: { refresh_token: token } });
    expect(await logout(refreshToken)).toMatchObject({ status: 200, data: { signed_out: true } });
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 20015 });
    expect(await logout('x'.repeat(43))).toMatchObject({ status: 200, data: { signed_out: true } });
  });

  function startVerification(authorization: string, ip?: string): Promise<Probed> {
    const body = { email: freshAddress('limit') };
    return visitors.probe.send('POST /v1/users/me/email-verifications', { authorization, body, ...(ip && { ip }) });
  }

  function refresh(token: string): Promise<Probed> {
    return visitors.probe.send('POST /v1/auth/refresh', { body: { refresh_token: token } });
  }

  async function signIn(initData: string): Promise<[number, number]> {
    const { status, code } = await visitors.probe.send('POST /v1/auth/telegram', { body: { init_data: initData } });
    return [status, code];
  }
});

describe('limits by address on embedded parts', () => {
  const stage = useStage(stageKinds[0], { environment: { TRUSTED_PROXIES: '1', RATE_LIMIT_PER_IP_PER_MINUTE: '40' } });
  const probe = () => new RestProbe(stage().client.baseUrl, operations);

  it('A-03: takes so many requests of one address in a minute, believing the last proxy only', async () => {
    const ip = freshIp();
    // What stands left of the proxy's own entry anybody can write.
    const answers = await Promise.all(
      Array.from({ length: 90 }, () =>
        probe().send('POST /v1/auth/logout', { ip: `${freshIp()}, ${ip}`, body: { refresh_token: 'x'.repeat(43) } }),
      ),
    );
    expect(answers.map(({ code }) => code)).toContain(10003);
    expect((await probe().send('POST /v1/auth/logout', { body: { refresh_token: 'x'.repeat(43) } })).code).toBe(0);
  });

  it('A-03: counts who is refused for a token too, and the addresses of one IPv6 network as one', async () => {
    const look = (ip: string) => probe().send('GET /v1/users/me', { ip, authorization: 'Bearer x' });
    const answers = await Promise.all(Array.from({ length: 90 }, (_, index) => look(`2001:db8:7:7::${index}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect((await look('2001:db8:7:8::1')).status).toBe(401);
  });
});

function tokenIn({ data }: Probed): string {
  return (data as { refresh_token: string }).refresh_token;
}
