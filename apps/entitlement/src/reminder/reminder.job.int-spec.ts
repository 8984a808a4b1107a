import { afterEach, expect, it } from 'vitest';
import { MembershipReminderDue, RegisterWithCode, reminderKinds } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

const dayMs = 86_400_000;
const membersAtOnce = 30;

onEachDatabase('reminders of several replicas', (engine) => {
  const hosts: ServiceHost[] = [];
  /** The event ids of every reminder, wherever its replica published it. */
  const told = new Map<string, string>();
  let lastUserId = 0;

  const replica = async (): Promise<ServiceHost> => {
    const host = await ServiceHost.start(entitlementService, engine, {
      TRIAL_INVITE_CODE: 'COSPLAY7',
      REMINDER_INTERVAL_MS: '100',
    });
    hosts.push(host);
    return host;
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.stop()));
    remember();
    hosts.length = 0;
  };
  const moveAll = (offsetMs: number) => Promise.all(hosts.map((host) => host.moveClock(offsetMs)));
  const remember = (): void => {
    for (const { id, name, payload } of hosts.flatMap(({ events }) => events)) {
      if (name !== MembershipReminderDue.name) continue;
      const { user_id, kind } = MembershipReminderDue.payload.parse(payload);
      told.set(id, `${user_id} ${kind}`);
    }
  };
  const remindersOf = (users: readonly number[]): string[] => {
    remember();
    return [...told.values()].filter((reminder) => users.includes(Number(reminder.split(' ')[0]))).sort();
  };
  const newcomers = async (host: ServiceHost): Promise<number[]> => {
    const users = Array.from({ length: membersAtOnce }, () => (lastUserId += 1));
    await Promise.all(
      users.map((user) => host.client.command(RegisterWithCode, { invite_code: 'COSPLAY7' }, memberCall(user))),
    );
    return users;
  };
  const each = (users: readonly number[], kinds: readonly string[]): string[] =>
    users.flatMap((user) => kinds.map((kind) => `${user} ${kind}`)).sort();

  afterEach(stopAll);

  it('U-06: two replicas at once remind each member of each end once', async () => {
    const [first] = await Promise.all([replica(), replica()]);
    if (!first) throw new Error('no replica');
    const users = await newcomers(first);
    const kinds: string[] = [];
    for (const [days, kind] of [
      [4.5, 'three_days'],
      [6.5, 'one_day'],
      [7.5, 'expired'],
    ] as const) {
      await moveAll(days * dayMs);
      kinds.push(kind);
      await eventually(() => expect(remindersOf(users)).toEqual(each(users, kinds)));
    }
    expect(kinds.sort()).toEqual([...reminderKinds].sort());
    const rows = await first.service.runtime.database?.reader.query('SELECT kind FROM membership_reminders');
    expect(rows).toHaveLength(users.length * reminderKinds.length);
  });

  it('U-06: when the replica that reminds goes, the other goes on where it was', async () => {
    const first = await replica();
    const second = await replica();
    const users = await newcomers(first);
    await moveAll(4.5 * dayMs);
    await eventually(() => expect(remindersOf(users).length).toBeGreaterThan(0));
    await first.stop();
    remember();
    hosts.splice(hosts.indexOf(first), 1);
    await second.moveClock(6.5 * dayMs);
    await eventually(() => {
      const reminders = remindersOf(users);
      expect(reminders).toEqual(expect.arrayContaining(each(users, ['one_day'])));
      expect(new Set(reminders).size).toBe(reminders.length);
    });
  });

  it('U-06: after all were down for weeks each member is told once what is still true, by whichever starts first', async () => {
    const before = await replica();
    const users = await newcomers(before);
    await stopAll();
    const [first] = await Promise.all([replica(), replica()]);
    if (!first) throw new Error('no replica');
    await moveAll(20 * dayMs);
    await eventually(() => expect(remindersOf(users)).toEqual(each(users, ['expired'])));
    await moveAll(25 * dayMs);
    const later = await newcomers(first);
    await moveAll(29.5 * dayMs);
    await eventually(() => expect(remindersOf(later)).toEqual(each(later, ['three_days'])));
    expect(remindersOf(users)).toEqual(each(users, ['expired']));
  });
});
