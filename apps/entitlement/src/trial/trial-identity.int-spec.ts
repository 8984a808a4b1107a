import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AppError,
  EmailBound,
  CanonicalAddressRenewed,
  EntitlementDataErased,
  ErasureStarted,
  GetMembership,
  MembershipWithdrawn,
  PhoneBound,
  RegisterWithCode,
  ResetTrial,
  UserCreated,
  type EventContract,
} from '#contracts';
import type { EventMessage } from '#messaging';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import type { z } from 'zod';
import { entitlementService } from '../entitlement.module.js';

const racers = Array.from({ length: 50 }, (_, index) => index);

onEachDatabase('trials of one person with several accounts', (engine) => {
  let host: ServiceHost;
  const register = (userId: number) =>
    host.client.command(RegisterWithCode, { invite_code: 'COSPLAY7' }, memberCall(userId));
  const stateOf = async (userId: number): Promise<string> =>
    (await host.client.query(GetMembership, {}, memberCall(userId))).state;
  const event = <Contract extends EventContract>(
    contract: Contract,
    payload: z.input<Contract['payload']>,
  ): EventMessage => ({
    id: randomUUID(),
    name: contract.name,
    service: contract.owner,
    occurred_at: new Date().toISOString(),
    call: callOf({ kind: 'system', name: 'test' }),
    payload,
  });
  const phoneBound = (userId: number, number: string): EventMessage =>
    event(PhoneBound, { user_id: userId, phone: '+7 91******11', identity_hash: number, method: 'sms' });
  const mailBound = (userId: number, mailbox: string): EventMessage =>
    event(EmailBound, {
      user_id: userId,
      verification_id: randomUUID(),
      email: 'a@example.com',
      identity_hash: mailbox,
      undo_token: 'unused-in-this-test-0000',
      undo_expires_at: new Date().toISOString(),
    });
  const met = (userId: number, account: string): EventMessage =>
    event(UserCreated, {
      user_id: userId,
      telegram_id: String(userId),
      identity_hash: account,
      kind: 'person',
      first_name: 'Kim',
      locale: 'en',
    });
  const publish = (...messages: EventMessage[]) => host.broker.publish(messages);
  const outcomes = async (tries: Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(tries)).map((result) =>
      result.status === 'fulfilled' ? 'registered' : (result.reason as AppError).errorName,
    );

  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7' });
  });
  afterAll(() => host.stop());

  it('U-02, U-10: a phone that had its trial gives none to another account, bound before or after', async () => {
    await register(1);
    await publish(phoneBound(1, 'phone-a'), phoneBound(2, 'phone-a'));
    await expect(register(2)).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    expect(await stateOf(2)).toBe('none');
    await register(3);
    await publish(phoneBound(3, 'phone-a'));
    expect([await stateOf(3), await stateOf(1)]).toEqual(['expired', 'trial']);
    await eventually(() => expect(host.payloadsOf(MembershipWithdrawn)).toMatchObject([{ user_id: 3 }]));
    const [entry] = host.events.filter(({ name }) => name === MembershipWithdrawn.name);
    expect(entry?.change?.after).toMatchObject({ why: 'the phone had its trial with another account' });
  });

  it('U-02, U-10: a phone known before its trial is the same phone for everybody later', async () => {
    await publish(phoneBound(10, 'phone-b'), phoneBound(11, 'phone-b'));
    await register(10);
    await expect(register(11)).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    // A phone tells nothing about a mailbox of the same name.
    await publish(mailBound(12, 'phone-b'));
    await register(12);
    expect(await stateOf(12)).toBe('trial');
  });

  it('U-02, U-10: 50 accounts with one phone that register at once get one trial', async () => {
    await publish(...racers.map((index) => phoneBound(100 + index, 'phone-c')));
    const found = await outcomes(racers.map((index) => register(100 + index)));
    expect(found.filter((outcome) => outcome === 'registered')).toHaveLength(1);
    expect(new Set(found)).toEqual(new Set(['registered', 'membership.trial_already_used']));
  });

  it('U-02, U-10: 50 accounts in their trial that bind one phone at once keep one', async () => {
    await Promise.all(racers.map((index) => register(200 + index)));
    await Promise.all(racers.map((index) => publish(phoneBound(200 + index, 'phone-d'))));
    await eventually(async () => {
      const states = await Promise.all(racers.map((index) => stateOf(200 + index)));
      expect(states.filter((state) => state === 'trial')).toHaveLength(1);
      expect(states.filter((state) => state === 'expired')).toHaveLength(racers.length - 1);
    });
  });

  it('U-02, U-15: the phone is known again after its first member was erased', async () => {
    await publish(met(300, 'account-e'), phoneBound(300, 'phone-e'));
    await register(300);
    await publish(event(ErasureStarted, { user_id: 300 }));
    await eventually(() => expect(host.payloadsOf(EntitlementDataErased)).toMatchObject([{ user_id: 300 }]));
    await publish(met(301, 'account-e'), met(302, 'another-account'), phoneBound(302, 'phone-e'));
    for (const userId of [301, 302])
      await expect(register(userId)).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
  });

  it('U-02, U-08: a mailbox that has got another hash is known under both', async () => {
    await publish(mailBound(350, 'mailbox-old'));
    await register(350);
    await publish(event(CanonicalAddressRenewed, { user_id: 350, identity_hash: 'mailbox-new' }));
    await publish(mailBound(351, 'mailbox-old'), mailBound(352, 'mailbox-new'));
    for (const userId of [351, 352])
      await expect(register(userId)).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    expect(await stateOf(350)).toBe('trial');
  });

  it('U-02: no number of fresh mailboxes hides an identity that had its trial', async () => {
    await publish(phoneBound(400, 'phone-f'));
    await register(400);
    await publish(...Array.from({ length: 60 }, (_, index) => mailBound(401, `fresh-${index}`)));
    await publish(phoneBound(401, 'phone-f'));
    await expect(register(401)).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
  });

  it('U-02: an admin who gives the trial back gives it to the phone too', async () => {
    await publish(phoneBound(500, 'phone-g'), phoneBound(501, 'phone-g'));
    await register(500);
    await host.client.command(ResetTrial, { user_id: 500, reason: 'lent to a sister' }, memberCall(900, 'admin'));
    expect((await register(501)).membership.state).toBe('trial');
  });
});
