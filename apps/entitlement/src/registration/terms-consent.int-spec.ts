import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateSystemCodes,
  GetMembership,
  MembershipStarted,
  RegisterGroup,
  RegisterWithCode,
  RegistrationTermsAccepted,
  type Call,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

onEachDatabase('registrations where terms are required', (engine) => {
  let host: ServiceHost;
  const start = (version: string): Promise<ServiceHost> =>
    ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7', TERMS_VERSION: version });
  const register = (userId: number, terms_version?: string, invite_code = 'COSPLAY7') =>
    host.client.command(RegisterWithCode, { invite_code, ...(terms_version && { terms_version }) }, memberCall(userId));
  const accepted = (userId: number): string[] =>
    host.payloadsOf(RegistrationTermsAccepted).flatMap(({ user_id, version }) => (user_id === userId ? [version] : []));

  beforeAll(async () => {
    host = await start('2031-05');
  });
  afterAll(() => host.stop());

  it('U-02: without the consent to the terms of now nobody becomes a member, and nothing is used up', async () => {
    await expect(register(1)).rejects.toMatchObject({
      errorName: 'terms.not_accepted',
      params: { current_version: '2031-05' },
    });
    await expect(register(1, '2031-04')).rejects.toMatchObject({
      errorName: 'terms.version_outdated',
      params: { current_version: '2031-05' },
    });
    expect((await host.client.query(GetMembership, {}, memberCall(1))).state).toBe('none');
    const [code] = (await host.service.runtime.database?.reader.query<{ uses: number }>(
      "SELECT uses FROM invite_codes WHERE code = 'COSPLAY7'",
    )) as [{ uses: number }];
    expect(Number(code.uses)).toBe(0);
    // A code that would not work is said first: nobody accepts anything in vain.
    await expect(register(1, undefined, 'NOTACODE')).rejects.toMatchObject({ errorName: 'invite_code.unknown' });
    await register(8, '2031-05');
    await host.moveClock(8 * 86_400_000);
    await expect(register(8)).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    await host.moveClock(0);
  });

  it('U-02, U-15: the consent that a registration stands on is told once, with version and time', async () => {
    await expect(register(2, '2031-05')).resolves.toMatchObject({ membership: { state: 'trial' } });
    await expect(register(2, '2031-05')).rejects.toMatchObject({ errorName: 'membership.already_active' });
    await eventually(() => expect(host.payloadsOf(MembershipStarted).map(({ user_id }) => user_id)).toContain(2));
    expect(accepted(2)).toEqual(['2031-05']);
    const entries = host.events.filter(({ name }) => name === RegistrationTermsAccepted.name);
    expect(entries.map(({ change }) => change)).toContainEqual({ user_id: 2, after: { terms: '2031-05' } });
  });

  it('U-02: a group becomes a member on the consent of its admin', async () => {
    const call: Call = { ...memberCall(3), channel: 'bot' };
    const wish = { group_user_id: 4, invite_code: 'COSPLAY7' };
    await expect(host.client.command(RegisterGroup, wish, call)).rejects.toMatchObject({
      errorName: 'terms.not_accepted',
    });
    await host.client.command(RegisterGroup, { ...wish, terms_version: '2031-05' }, call);
    await eventually(() => expect(accepted(3)).toEqual(['2031-05']));
  });

  it('U-02: a new version is asked for again, at the next renewal', async () => {
    const { items } = await host.client.command(
      CreateSystemCodes,
      { kind: 'system_formal', plan: 'month', max_uses: 5 },
      memberCall(900, 'admin'),
    );
    const code = items[0]?.code ?? '';
    await host.stop();
    host = await start('2031-06');
    await expect(register(2, '2031-05', code)).rejects.toMatchObject({ errorName: 'terms.version_outdated' });
    await expect(register(2, '2031-06', code)).resolves.toMatchObject({ membership: { state: 'formal' } });
    await eventually(() => expect(accepted(2)).toEqual(['2031-06']));
  });

  it('U-02: where none are required nothing is asked, and an old version is still none of now', async () => {
    await host.stop();
    host = await ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7' });
    await register(5);
    await expect(register(6, '1999')).rejects.toMatchObject({ errorName: 'terms.version_outdated' });
    await register(7);
    await eventually(() => expect(host.payloadsOf(MembershipStarted)).toHaveLength(2));
    expect(host.payloadsOf(RegistrationTermsAccepted)).toEqual([]);
  });
});
