import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  GetBotReadiness,
  GroupBotChanged,
  GroupMemberChanged,
  GroupMemberSeen,
  GroupMigrated,
  ImportGroupMembers,
  ListGroupMembers,
  ListGroups,
  MeetUser,
  MigrateGroup,
  RecordGroupBot,
  RecordGroupSightings,
  RecordUpdateTypes,
  type sightingSchema,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { userService } from '../user.module.js';

const bot = callOf({ kind: 'system', name: 'telegram-bot' });
const admin = memberCall(900, 'admin');
const start = Date.UTC(2026, 2, 1, 10);
const timeAt = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();
const rights = ['can_invite_users', 'can_restrict_members'];

onEachDatabase('groups', (engine) => {
  let host: ServiceHost;
  let lastChat = 0;
  const freshChat = () => {
    lastChat += 1;
    return { chat_id: `-100${lastChat}`, kind: 'supergroup' as const, title: `Club ${lastChat}` };
  };
  type Chat = Omit<ReturnType<typeof freshChat>, 'kind'> & { kind: 'group' | 'supergroup' };
  const see = (chat: Chat, id: number, seconds: number, change: Partial<z.input<typeof sightingSchema>> = {}) =>
    host.client.command(
      RecordGroupSightings,
      {
        chat,
        sightings: [
          {
            telegram_id: String(id),
            first_name: `Member ${id}`,
            standing: 'in',
            source: 'chat_member',
            at: timeAt(seconds),
            ...change,
          },
        ],
      },
      bot,
    );
  const roster = async (groupId: number) =>
    (await host.client.query(ListGroupMembers, { group_id: groupId, page_size: 100 }, admin)).items;
  const standingsIn = async (groupId: number) =>
    Object.fromEntries((await roster(groupId)).map(({ telegram_id, standing }) => [telegram_id, standing]));

  beforeAll(async () => {
    host = await ServiceHost.start(userService, engine, { AUTH_SECRET: randomUUID() + randomUUID() });
  });
  afterAll(() => host.stop());

  it('U-12: keeps who was seen how, tells what changed, and lets older news change nothing', async () => {
    const chat = freshChat();
    const { profile } = await host.client.command(MeetUser, { telegram_id: '501', first_name: 'Anna' }, bot);
    const { group_id: id } = await see(chat, 501, 10, { telegram_status: 'member' });
    await see(chat, 501, 60, { source: 'message' });
    await see(chat, 501, 30, { standing: 'out', telegram_status: 'left' });
    await see(chat, 502, 20, { standing: 'unknown', source: 'message' });
    await see(chat, 777_000, 20);
    expect(await roster(id)).toMatchObject([
      { telegram_id: '501', user_id: profile.id, standing: 'in', source: 'message', last_seen_at: timeAt(60) },
      { telegram_id: '502', user_id: null, standing: 'unknown', source: 'message', standing_since: null },
    ]);
    await see(chat, 501, 90, { standing: 'out', telegram_status: 'kicked' });
    expect(await standingsIn(id)).toEqual({ 501: 'out', 502: 'unknown' });
    await eventually(() => {
      const news = host.payloadsOf(GroupMemberChanged).filter(({ group_id }) => group_id === id);
      expect(news.map(({ telegram_id, previous, standing }) => [telegram_id, previous, standing])).toEqual([
        ['501', null, 'in'],
        ['502', null, 'unknown'],
        ['501', 'in', 'out'],
      ]);
      expect(news[2]).toMatchObject({ user_id: profile.id, chat_id: chat.chat_id });
      expect(host.payloadsOf(GroupMemberSeen).filter(({ group_id }) => group_id === id)).toHaveLength(1);
    });
    const filtered = await host.client.query(
      ListGroupMembers,
      { group_id: id, known: false, standing: 'unknown', source: 'message' },
      admin,
    );
    expect(filtered).toMatchObject({ total: 1, items: [{ telegram_id: '502' }] });
  });

  it('U-12: many at once make one row each', async () => {
    const chat = freshChat();
    const seen = Array.from({ length: 60 }, (_, index) => see(chat, 600 + (index % 6), index));
    const [first] = await Promise.all(seen);
    const rows = await roster(first?.group_id ?? 0);
    expect(rows).toHaveLength(6);
    expect(rows.map(({ last_seen_at }) => last_seen_at).sort()).toEqual([54, 55, 56, 57, 58, 59].map(timeAt));
    const { items } = await host.client.query(ListGroups, { page_size: 100 }, admin);
    expect(items.find(({ chat_id }) => chat_id === chat.chat_id)).toMatchObject({
      members: { in: 6, out: 0, unknown: 0 },
      bot_status: null,
    });
  });

  it('U-12: a list of an admin fills gaps, reports each row, and never outweighs Telegram', async () => {
    const chat = freshChat();
    const { group_id: id } = await see(chat, 701, 10, { standing: 'out' });
    await see(chat, 702, 10, { standing: 'unknown', source: 'message' });
    const rows = [
      { telegram_id: '701' },
      { telegram_id: '702', first_name: 'Two', username: '@two' },
      { telegram_id: '703', first_name: 'Three', standing: 'out' as const },
      { telegram_id: '703' },
      { telegram_id: 'me' },
      { telegram_id: '1087968824' },
    ];
    const imported = await host.client.command(ImportGroupMembers, { group_id: id, rows }, admin);
    expect(imported.rows.map(({ row, outcome, problem }) => [row, outcome, problem])).toEqual([
      [1, 'updated', null],
      [2, 'updated', null],
      [3, 'added', null],
      [4, 'refused', 'twice'],
      [5, 'refused', 'not_an_id'],
      [6, 'refused', 'not_a_person'],
    ]);
    expect(imported.totals).toEqual({ added: 1, updated: 2, kept: 0, refused: 3 });
    expect(await standingsIn(id)).toEqual({ 701: 'out', 702: 'in', 703: 'out' });
    await expect(host.client.command(ImportGroupMembers, { group_id: 999_999, rows }, admin)).rejects.toMatchObject({
      errorName: 'group.not_found',
    });
    await expect(host.client.command(ImportGroupMembers, { group_id: id, rows }, memberCall(5))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
  });

  it('U-12: a group that becomes a supergroup keeps its people, in whatever order the news comes', async () => {
    const former: Chat = { chat_id: '-77', kind: 'group', title: 'Small club' };
    const chat = freshChat();
    const { group_id: formerId } = await see(former, 801, 10);
    await see(former, 802, 10);
    const { group_id: id } = await see(chat, 802, 40, { standing: 'out' });
    const meet = (telegram_id: string) =>
      host.client.command(MeetUser, { telegram_id, kind: 'group', first_name: 'Small club' }, bot);
    const { profile: customer } = await meet(former.chat_id);
    await meet(chat.chat_id);
    const migration = { from_chat_id: former.chat_id, chat, at: timeAt(30) };
    const migrated = await Promise.all(
      Array.from({ length: 8 }, () => host.client.command(MigrateGroup, migration, bot)),
    );
    expect(migrated.map(({ group_id }) => group_id)).toEqual(Array(8).fill(id));
    expect(migrated.map(({ members_moved }) => members_moved).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
    expect(await meet(chat.chat_id)).toMatchObject({ created: false, profile: { id: customer.id } });
    // Late news of the former chat lands at the new one.
    expect(await see(former, 803, 20)).toEqual({ group_id: id, changed: 1 });
    expect(await standingsIn(id)).toEqual({ 801: 'in', 802: 'out', 803: 'in' });
    await expect(roster(formerId)).rejects.toMatchObject({ errorName: 'group.not_found' });
    const { items } = await host.client.query(ListGroups, { page_size: 100 }, admin);
    expect(items.map(({ chat_id }) => chat_id)).not.toContain(former.chat_id);
    await eventually(() => expect(host.payloadsOf(GroupMigrated)).toMatchObject([{ group_id: id, members_moved: 2 }]));
  });

  it('U-12: knows what the bot lacks, and says so once', async () => {
    const chat = freshChat();
    const record = (status: 'administrator' | 'member' | 'left', has: string[], seconds: number) =>
      host.client.command(RecordGroupBot, { chat, status, rights: has, at: timeAt(seconds) }, bot);
    const check = (missing: string[], seconds: number) =>
      host.client.command(RecordUpdateTypes, { mode: 'polling', missing, at: timeAt(seconds) }, bot);
    const readiness = async () => {
      const { groups, ...report } = await host.client.query(GetBotReadiness, {}, admin);
      return { ...report, group: groups.find(({ chat_id }) => chat_id === chat.chat_id) };
    };
    const { group_id: id } = await record('administrator', rights, 10);
    await record('administrator', ['can_invite_users'], 20);
    await record('administrator', ['can_invite_users'], 21);
    await record('administrator', rights, 15);
    expect((await readiness()).group).toMatchObject({ missing_rights: ['can_restrict_members'] });
    await record('left', [], 30);
    expect((await readiness()).group).toBeUndefined();
    expect(await check(['chat_member'], 10)).toEqual({ changed: true });
    expect(await check(['chat_member'], 20)).toEqual({ changed: false });
    expect(await check([], 5)).toEqual({ changed: false });
    expect(await readiness()).toMatchObject({ ready: false, updates: { mode: 'polling', missing: ['chat_member'] } });
    await eventually(() => {
      const told = host.payloadsOf(GroupBotChanged).filter(({ group_id }) => group_id === id);
      expect(told.map(({ status, missing_rights }) => [status, missing_rights])).toEqual([
        ['administrator', []],
        ['administrator', ['can_restrict_members']],
        ['left', []],
      ]);
    });
    await expect(
      host.client.command(RecordGroupBot, { chat, status: 'left', rights: [], at: timeAt(40) }, admin),
    ).rejects.toMatchObject({ errorName: 'auth.forbidden' });
  });
});
