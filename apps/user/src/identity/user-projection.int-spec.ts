import { afterAll, beforeAll, expect, it } from 'vitest';
import { MembershipGranted } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import type { ServiceHost } from '#testing/service.host';
import { personOf, startUserHost } from '../user-host.fixture.js';

onEachDatabase('what the user service keeps of others', (engine) => {
  let host: ServiceHost;

  beforeAll(async () => {
    host = await startUserHost(engine);
  });
  afterAll(() => host.stop());

  it('U-04: of two changes of a membership the later one stays, whichever is heard last', async () => {
    const userId = await personOf(host, '4001');
    const tell = (changedAt: string, expiresAt: string): Promise<void> =>
      host.tell(MembershipGranted, {
        user_id: userId,
        kind: 'formal',
        plan: 'custom_1',
        started_at: '2026-01-01T00:00:00.000Z',
        expires_at: expiresAt,
        days: 1,
        reason: 'for the test',
        granted_by: null,
        renewal: true,
        changed_at: changedAt,
      });
    const kept = async (): Promise<unknown> =>
      await host.database.reader.one('SELECT membership_expires_at AS ends FROM users WHERE id = ?', [userId]);
    await tell('2026-01-01T00:00:00.002Z', '2026-03-01T00:00:00.000Z');
    await eventually(async () => expect(await kept()).toEqual({ ends: '2026-03-01 00:00:00.000' }));
    await tell('2026-01-01T00:00:00.001Z', '2026-02-01T00:00:00.000Z');
    await tell('2026-01-01T00:00:00.003Z', '2026-04-01T00:00:00.000Z');
    await eventually(async () => expect(await kept()).toEqual({ ends: '2026-04-01 00:00:00.000' }));
    await tell('2026-01-01T00:00:00.002Z', '2026-02-01T00:00:00.000Z');
    await tell('2026-01-01T00:00:00.001Z', '2026-02-01T00:00:00.000Z');
    expect(await kept()).toEqual({ ends: '2026-04-01 00:00:00.000' });
  });
});
