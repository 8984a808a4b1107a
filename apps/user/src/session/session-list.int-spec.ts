import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DecideStepUp,
  GetAccessPolicy,
  GetPendingStepUp,
  GetStepUp,
  ListSessions,
  RefreshSession,
  RevokeOtherSessions,
  RevokeSession,
  SessionEnded,
  SignInForDevelopment,
  StartStepUp,
  StepUpDecided,
  StepUpRequested,
  type Call,
  type OutputOf,
  type Role,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { refusalOf } from '#testing/refusal.name';
import { callOf, ServiceHost } from '#testing/service.host';
import { startUserHost, visitor } from '../user-host.fixture.js';

type Tokens = OutputOf<typeof SignInForDevelopment>;

onEachDatabase('sign-ins and fresh confirmations', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await startUserHost(engine);
  });
  afterAll(() => host.stop());

  const signIn = (telegramId: string, device: string | null = null, role: Role = 'member') =>
    host.client.command(
      SignInForDevelopment,
      { telegram_id: telegramId, first_name: 'Ada', role, device },
      { ...visitor, ip: '203.0.113.77' },
    );
  const claimsOf = ({ access_token }: { access_token: string }) =>
    JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string; sua?: number };
  /** A call as the edge makes it for the session. */
  const callWith = (tokens: Tokens, channel: Call['channel'] = 'rest'): Call => ({
    ...callOf({
      kind: 'user',
      user_id: tokens.user.id,
      role: tokens.user.role,
      ...(channel === 'rest' && { session_id: claimsOf(tokens).sid }),
    }),
    channel,
  });
  const list = async (call: Call) => (await host.client.query(ListSessions, {}, call)).items;

  it('U-14: lists where a member is signed in, and ends one of them', async () => {
    const phone = await signIn('301', 'Phone/1.0');
    const laptop = await signIn('301', 'Laptop\u0000/2.0');
    const stranger = await signIn('302');
    const sessions = await list(callWith(laptop));
    expect(sessions).toHaveLength(2);
    expect(sessions).toContainEqual(
      expect.objectContaining({ device: 'Phone/1.0', ip: '203.0.113.*', method: 'development', current: false }),
    );
    expect(sessions).toContainEqual(expect.objectContaining({ device: 'Laptop /2.0', current: true }));
    const phoneId = claimsOf(phone).sid;
    const revoke = (by: Tokens) => host.client.command(RevokeSession, { session_id: phoneId }, callWith(by));
    expect(await refusalOf(revoke(stranger))).toBe('auth.session_not_found');
    expect(await revoke(laptop)).toEqual({ ended: true });
    expect(await refusalOf(revoke(laptop))).toBe('auth.session_not_found');
    expect(await refusalOf(host.client.command(RefreshSession, { refresh_token: phone.refresh_token }, visitor))).toBe(
      'auth.refresh_token_invalid',
    );
    await eventually(() =>
      expect(host.payloadsOf(SessionEnded)).toContainEqual(
        expect.objectContaining({ session_id: phoneId, reason: 'revoked' }),
      ),
    );
    expect(await list(callWith(laptop))).toHaveLength(1);
  });

  it('U-14: ends all others over REST, and all in the bot', async () => {
    const tokens = [await signIn('311'), await signIn('311'), await signIn('311')];
    const [mine] = tokens as [Tokens];
    expect(await host.client.command(RevokeOtherSessions, {}, callWith(mine))).toEqual({ ended: 2 });
    expect(await list(callWith(mine))).toMatchObject([{ current: true }]);
    expect(await host.client.command(RevokeOtherSessions, {}, callWith(mine, 'bot'))).toEqual({ ended: 1 });
    expect(await list(callWith(mine))).toEqual([]);
  });

  it('U-14: the hundred and first sign-in ends the oldest', async () => {
    const first = await signIn('321');
    await host.moveClock(1_000);
    await Promise.all(Array.from({ length: 100 }, () => signIn('321')));
    await host.moveClock(0);
    expect(await refusalOf(host.client.command(RefreshSession, { refresh_token: first.refresh_token }, visitor))).toBe(
      'auth.refresh_token_invalid',
    );
    expect(await list(callWith(first))).toHaveLength(100);
  });

  it('U-13: tells the edge which sessions of staff have ended', async () => {
    const admin = await signIn('331', null, 'admin');
    const member = await signIn('332');
    for (const tokens of [admin, member]) {
      const call = callWith(tokens);
      await host.client.command(RevokeSession, { session_id: claimsOf(tokens).sid }, call);
    }
    const { ended_sessions } = await host.client.query(GetAccessPolicy, {}, visitor);
    expect(ended_sessions).toContain(claimsOf(admin).sid);
    expect(ended_sessions).not.toContain(claimsOf(member).sid);
  });

  it('U-13: a tap in the bot confirms, for one session and five minutes', async () => {
    const tokens = await signIn('401', 'Laptop/2.0');
    const call = callWith(tokens);
    const started = await host.client.command(StartStepUp, {}, call);
    expect(started).toMatchObject({ status: 'pending', access_token: null });
    const state = (by = call) => host.client.query(GetStepUp, { id: started.id }, by);
    expect(await state()).toMatchObject({ status: 'pending', access_token: null });
    const decide = (by: Call, confirm = true) => host.client.command(DecideStepUp, { id: started.id, confirm }, by);
    const bot = callWith(tokens, 'bot');
    expect(await refusalOf(decide(call))).toBe('auth.forbidden');
    expect(await refusalOf(decide(callWith(await signIn('402'), 'bot')))).toBe('auth.step_up_not_found');
    expect((await host.client.query(GetPendingStepUp, {}, bot)).pending).toMatchObject({
      id: started.id,
      device: 'Laptop/2.0',
      ip: '203.0.113.*',
    });
    const taps = await Promise.all(Array.from({ length: 20 }, () => refusalOf(decide(bot))));
    expect(taps.filter((outcome) => outcome === 'none')).toHaveLength(1);
    const confirmed = await state();
    expect(confirmed.status).toBe('confirmed');
    const { sid, sua = 0 } = claimsOf({ access_token: confirmed.access_token ?? '' });
    expect([sid, sua > Date.now() / 1000 + 200]).toEqual([claimsOf(tokens).sid, true]);
    expect(await refusalOf(state(callWith(await signIn('401'))))).toBe('auth.step_up_not_found');
    expect((await host.client.query(GetPendingStepUp, {}, bot)).pending).toBeNull();
    await eventually(() => {
      expect(host.payloadsOf(StepUpRequested)).toContainEqual(expect.objectContaining({ step_up_id: started.id }));
      expect(host.payloadsOf(StepUpDecided)).toContainEqual(
        expect.objectContaining({ step_up_id: started.id, status: 'confirmed', by: 'bot' }),
      );
    });
    await host.moveClock(6 * 60_000);
    expect(await state()).toMatchObject({ status: 'expired', access_token: null });
    await host.moveClock(0);
  });

  it('U-13: a refusal ends the session that asked; too many questions are not asked', async () => {
    const tokens = await signIn('411');
    const call = callWith(tokens);
    const start = () => host.client.command(StartStepUp, {}, call);
    const { id } = await start();
    await Promise.all([start(), start()]);
    expect(await refusalOf(start())).toBe('auth.step_up_crowded');
    const bot = callWith(tokens, 'bot');
    expect(await host.client.command(DecideStepUp, { id, confirm: false }, bot)).toEqual({ status: 'refused' });
    expect(await refusalOf(host.client.query(GetStepUp, { id }, call))).toBe('auth.session_required');
    expect(await refusalOf(start())).toBe('auth.session_required');
    expect(await refusalOf(host.client.command(StartStepUp, {}, bot))).toBe('auth.session_required');
  });
});
