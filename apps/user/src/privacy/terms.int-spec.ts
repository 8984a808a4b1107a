import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AcceptTerms, GetTermsAcceptance, MeetUser, RegistrationTermsAccepted, TermsAccepted } from '#contracts';
import type { EventMessage } from '#messaging';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { startUserHost, visitor } from '../user-host.fixture.js';

onEachDatabase('acceptances of the terms', (engine) => {
  let host: ServiceHost;
  const start = (version?: string): Promise<ServiceHost> =>
    startUserHost(engine, {
      ...(version && { TERMS_VERSION: version }),
    });
  const person = async (telegram_id: string): Promise<number> =>
    (await host.client.command(MeetUser, { telegram_id, first_name: 'Ada', language_code: 'en' }, visitor)).profile.id;
  const accept = (userId: number, version: string) => host.client.command(AcceptTerms, { version }, memberCall(userId));
  const known = (userId: number) => host.client.query(GetTermsAcceptance, {}, memberCall(userId));
  const told = (userId: number): string[] =>
    host.payloadsOf(TermsAccepted).flatMap(({ user_id, version }) => (user_id === userId ? [version] : []));
  const registered = (userId: number, version: string, accepted_at = new Date().toISOString()): EventMessage => ({
    id: randomUUID(),
    name: RegistrationTermsAccepted.name,
    service: 'entitlement',
    occurred_at: accepted_at,
    call: memberCall(userId),
    payload: { user_id: userId, version, accepted_at },
  });

  beforeAll(async () => {
    host = await start('2031-05');
  });
  afterAll(() => host.stop());

  it('U-15: fifty acceptances at once are one, with its time', async () => {
    const id = await person('1');
    expect(await known(id)).toEqual({
      current_version: '2031-05',
      required: true,
      accepted_version: null,
      accepted_at: null,
    });
    await expect(accept(id, '2031-04')).rejects.toMatchObject({
      errorName: 'terms.version_outdated',
      params: { current_version: '2031-05' },
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(id, '2031-05')));
    expect(new Set(answers.map(({ accepted_at }) => accepted_at)).size).toBe(1);
    await eventually(() => expect(told(id)).toEqual(['2031-05']));
    expect(await known(id)).toMatchObject({
      accepted_version: '2031-05',
      accepted_at: answers[0]?.accepted_at,
    });
  });

  it('U-02, U-15: what a registration stood on is kept once, whatever comes twice or too late', async () => {
    const id = await person('2');
    const event = registered(id, '2031-05', '2031-05-01T10:00:00.000Z');
    await host.broker.publish([event, event]);
    await host.broker.publish([registered(id, '2031-05')]);
    // Of somebody who is gone nothing is kept.
    await host.broker.publish([registered(999_999, '2031-05')]);
    await eventually(() => expect(told(id)).toEqual(['2031-05']));
    expect(await known(id)).toMatchObject({ accepted_version: '2031-05', accepted_at: '2031-05-01T10:00:00.000Z' });
    const rows = await host.database.reader.query('SELECT version FROM terms_acceptances');
    expect(rows).toHaveLength(2);
    expect((await accept(id, '2031-05')).accepted_at).toBe('2031-05-01T10:00:00.000Z');
  });

  it('U-15: a new version finds the old acceptance outdated, and the history is kept', async () => {
    const id = await person('3');
    await accept(id, '2031-05');
    await eventually(() => expect(told(id)).toEqual(['2031-05']));
    await host.stop();
    host = await start('2031-06');
    expect(await known(id)).toMatchObject({ current_version: '2031-06', accepted_version: '2031-05' });
    await accept(id, '2031-06');
    await eventually(() => expect(told(id)).toEqual(['2031-06']));
    const entry = host.events.find(({ name }) => name === TermsAccepted.name);
    expect(entry?.change).toMatchObject({ before: { terms: '2031-05' }, after: { terms: '2031-06' } });
    await host.stop();
    host = await start();
    expect(await known(id)).toMatchObject({ required: false, accepted_version: '2031-06' });
  });
});
