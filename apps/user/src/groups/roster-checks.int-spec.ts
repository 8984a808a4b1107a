import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  GroupMemberChanged,
  GroupMemberSeen,
  GroupRosterChecked,
  ListGroupMembers,
  RecordGroupBot,
  RecordGroupSightings,
  RecordRosterChecks,
  RequestRosterCheck,
  RosterCheckRequested,
  RosterChecksTaken,
  TakeRosterChecks,
  type EventContract,
  type RosterCheck,
  type Sighting,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { userService } from '../user.module.js';

const bot = callOf({ kind: 'system', name: 'telegram-bot' });
const admin = memberCall(900, 'admin');
const hourMs = 3_600_000;

onEachDatabase('checks of rosters', (engine) => {
  let host: ServiceHost;
  let replica: ServiceHost;
  let hours = 0;
  let lastChat = 0;
  let lastPerson = 5_000;

  const hosts = () => [...new Set([host, replica])];
  /** No test stands in another's line: what one has left is asked about before the next begins. */
  const clearLine = async (): Promise<void> => {
    hours += 49;
    await Promise.all(hosts().map((one) => one.moveClock(hours * hourMs)));
    for (let more = true; more;) {
      const { groups, ...rest } = await take();
      for (const { group_id, telegram_ids } of groups) await refuse(group_id, telegram_ids);
      more = rest.more;
    }
  };
  const now = (): string => host.service.runtime.clock.now().toISOString();
  const take = (limit = 100, by = host) => by.client.command(TakeRosterChecks, { limit }, bot);
  const tell = (groupId: number, checks: RosterCheck[]) =>
    host.client.command(RecordRosterChecks, { group_id: groupId, checks }, bot);
  const refuse = (groupId: number, ids: readonly string[]) =>
    tell(
      groupId,
      ids.map((telegram_id) => ({ outcome: 'refused' as const, telegram_id, at: now() })),
    );
  const answer = (id: string, standing: 'in' | 'out'): RosterCheck => ({
    outcome: 'answered',
    telegram_id: id,
    first_name: `Member ${id}`,
    username: null,
    standing,
    telegram_status: standing === 'in' ? 'member' : 'left',
    at: now(),
  });
  const see = async (chat: Chat, ids: readonly string[], change: Partial<Sighting> = {}): Promise<number> => {
    const sightings = ids.map((telegram_id) => ({
      telegram_id,
      first_name: `Member ${telegram_id}`,
      standing: 'in' as const,
      source: 'message' as const,
      at: now(),
      ...change,
    }));
    return (await host.client.command(RecordGroupSightings, { chat, sightings }, bot)).group_id;
  };
  const place = (chat: Chat, status: 'administrator' | 'member' | 'left') =>
    host.client.command(RecordGroupBot, { chat, status, rights: [], at: now() }, bot);
  const freshChat = () => {
    lastChat += 1;
    return { chat_id: `-100${lastChat}`, kind: 'supergroup' as const, title: `Club ${lastChat}`, username: null };
  };
  type Chat = ReturnType<typeof freshChat>;
  const people = (count: number) => Array.from({ length: count }, () => String((lastPerson += 1)));
  /** A group in which the bot may ask, with people who are due: nobody knows where they are. */
  const club = async (count: number) => {
    const chat = freshChat();
    await place(chat, 'administrator');
    const ids = people(count);
    return { chat, ids, id: await see(chat, ids, { standing: 'unknown' }) };
  };
  /** One of the two publishes for both. */
  const payloadsOf = <Contract extends EventContract>(contract: Contract) =>
    hosts().flatMap((one) => one.payloadsOf(contract));
  const rowOf = async (groupId: number, telegramId: string) =>
    (await host.client.query(ListGroupMembers, { group_id: groupId, page_size: 100 }, admin)).items.find(
      ({ telegram_id }) => telegram_id === telegramId,
    );
  /** Who of a group was taken; time that passes lets people of other tests be due too. */
  const idsOf = ({ groups }: Awaited<ReturnType<typeof take>>, id: number) =>
    groups.flatMap(({ group_id, telegram_ids }) => (group_id === id ? telegram_ids : [])).sort();
  const ofGroup = <Payload extends { group_id: number }>(payloads: Payload[], id: number) =>
    payloads.filter(({ group_id }) => group_id === id);

  beforeAll(async () => {
    const settings = { AUTH_SECRET: randomUUID() + randomUUID() };
    host = await ServiceHost.start(userService, engine, settings);
    // A file of SQLite is one process's; where there are replicas there is MySQL.
    replica = engine.dialect === 'mysql' ? await ServiceHost.start(userService, engine, settings) : host;
  });
  afterAll(() => Promise.all(hosts().map((one) => one.stop())));

  it('U-12: of two replicas that take at once each row goes to one, and comes again only when nobody told of it', async () => {
    const { ids, id, chat } = await club(60);
    const taken = await Promise.all(Array.from({ length: 8 }, (_, index) => take(10, index % 2 ? host : replica)));
    const all = taken.flatMap((one) => idsOf(one, id));
    expect(new Set(all).size).toBe(all.length);
    for (let more = true; more;) {
      const next = await take(10);
      all.push(...idsOf(next, id));
      more = next.more;
    }
    expect(all.sort()).toEqual([...ids].sort());
    expect(taken.flatMap(({ groups }) => groups)[0]).toMatchObject({ group_id: id, chat });
    await tell(
      id,
      ids.slice(0, 59).map((telegramId) => answer(telegramId, 'in')),
    );
    hours += 1;
    await Promise.all(hosts().map((one) => one.moveClock(hours * hourMs)));
    expect(idsOf(await take(), id)).toEqual(ids.slice(59));
    await eventually(() => {
      const told = payloadsOf(RosterChecksTaken);
      expect(told.filter(({ group_ids }) => group_ids.includes(id)).reduce((sum, { taken: n }) => sum + n, 0)).toBe(61);
    });
  });

  it('U-12: whoever left unseen is found, told of and audited; what was known is confirmed in silence', async () => {
    await clearLine();
    const { ids, id } = await club(3);
    const [stays = '', leaves = '', lost = ''] = ids;
    await take();
    await tell(id, [answer(stays, 'in'), answer(leaves, 'in'), { outcome: 'not_known', telegram_id: lost, at: now() }]);
    const seenAt = (await rowOf(id, stays))?.last_seen_at;
    hours += 25;
    await Promise.all(hosts().map((one) => one.moveClock(hours * hourMs)));
    expect(idsOf(await take(), id)).toEqual([...ids].sort());
    const counts = await tell(id, [answer(stays, 'in'), answer(leaves, 'out')]);
    expect(counts).toEqual({ confirmed: 1, changed: 1, not_known: 0, refused: 0 });
    expect(await rowOf(id, leaves)).toMatchObject({
      standing: 'out',
      telegram_status: 'left',
      check_result: 'answered',
    });
    expect(await rowOf(id, stays)).toMatchObject({ standing: 'in', last_seen_at: seenAt, source: 'lookup' });
    expect(await rowOf(id, lost)).toMatchObject({ standing: 'unknown', check_result: 'not_known' });
    expect((await rowOf(id, lost))?.checked_at).not.toBeNull();
    await eventually(() => {
      const changes = ofGroup(payloadsOf(GroupMemberChanged), id).filter(({ source }) => source === 'lookup');
      expect(changes.map(({ telegram_id, previous, standing }) => [telegram_id, previous, standing])).toEqual([
        [stays, 'unknown', 'in'],
        [leaves, 'unknown', 'in'],
        [leaves, 'in', 'out'],
      ]);
      expect(ofGroup(payloadsOf(GroupRosterChecked), id)).toHaveLength(2);
    });
    expect(ofGroup(payloadsOf(GroupMemberSeen), id)).toEqual([]);
  });

  it('U-12: an answer that contradicts news of its own second is asked for again', async () => {
    await clearLine();
    const { chat, ids, id } = await club(1);
    const [only = ''] = ids;
    await take();
    const left = answer(only, 'out');
    await see(chat, ids, { source: 'chat_member', telegram_status: 'member', at: left.at, order: 1 });
    expect(await tell(id, [left])).toMatchObject({ confirmed: 1, changed: 0 });
    expect(await rowOf(id, only)).toMatchObject({ standing: 'in' });
    expect(idsOf(await take(), id)).toEqual(ids);
  });

  it('U-12: where the bot is no administrator nobody is asked about, and everybody once it is one again', async () => {
    await clearLine();
    const { chat, ids, id } = await club(4);
    await place(chat, 'left');
    expect(await take()).toEqual({ groups: [], more: false });
    await eventually(() => {
      const told = payloadsOf(RosterChecksTaken).filter(({ postponed }) => postponed > 0);
      expect(told.at(-1)).toEqual({ taken: 0, postponed: 4, group_ids: [] });
    });
    const request = () => host.client.command(RequestRosterCheck, { group_id: id }, admin);
    await expect(request()).rejects.toMatchObject({ errorName: 'group.bot_not_admin' });
    await place(chat, 'administrator');
    expect(idsOf(await take(), id)).toEqual([...ids].sort());
  });

  it('U-12: an admin lets a group go first; those who are being asked about are not asked about twice', async () => {
    await clearLine();
    const waiting = await club(3);
    const wanted = await club(3);
    const [first = ''] = wanted.ids;
    await take();
    await tell(
      wanted.id,
      wanted.ids.slice(1).map((id) => answer(id, 'in')),
    );
    await see(waiting.chat, people(2), { standing: 'unknown' });
    const requested = await host.client.command(RequestRosterCheck, { group_id: wanted.id }, admin);
    expect(requested).toEqual({ group_id: wanted.id, members: 2 });
    const { groups } = await take(2);
    expect(groups).toMatchObject([{ group_id: wanted.id, telegram_ids: wanted.ids.slice(1) }]);
    expect(await rowOf(wanted.id, first)).toMatchObject({ checked_at: null, check_result: null });
    await eventually(() =>
      expect(ofGroup(payloadsOf(RosterCheckRequested), wanted.id)).toMatchObject([{ members: 2 }]),
    );
    await expect(host.client.command(RequestRosterCheck, { group_id: 999_999 }, admin)).rejects.toMatchObject({
      errorName: 'group.not_found',
    });
    await expect(host.client.command(RequestRosterCheck, { group_id: wanted.id }, memberCall(5))).rejects.toMatchObject(
      { errorName: 'auth.forbidden' },
    );
  });

  it('U-12: an answer brings nobody into a roster, changes nothing twice, and only the platform tells of one', async () => {
    await clearLine();
    const { ids, id } = await club(1);
    const [only = ''] = ids;
    const [stranger = ''] = people(1);
    const checks = [answer(only, 'out'), answer(stranger, 'in')];
    const key = { idempotencyKey: randomUUID() };
    const input = { group_id: id, checks };
    const told = await Promise.all([
      host.client.command(RecordRosterChecks, input, bot, key),
      host.client.command(RecordRosterChecks, input, bot, key),
    ]);
    expect(told).toEqual(Array(2).fill({ confirmed: 0, changed: 1, not_known: 0, refused: 0 }));
    expect(await rowOf(id, stranger)).toBeUndefined();
    await expect(host.client.command(RecordRosterChecks, input, admin)).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
    await expect(host.client.command(TakeRosterChecks, { limit: 1 }, admin)).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
    await expect(tell(999_999, checks)).rejects.toMatchObject({ errorName: 'group.not_found' });
  });
});
