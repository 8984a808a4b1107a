import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordRosterChecks, type RosterCheck } from '#contracts';
import { eventually } from '#testing';
import type { EmulatedGroup, EmulatedMember } from '#testing/bot-emulator';
import { BotWorld } from './bot-world.fixture.js';

const patience = { timeoutMs: 30_000 };

describe('how the bot asks about the people in rosters', () => {
  let world: BotWorld;
  let group: EmulatedGroup;
  let anna: EmulatedMember;
  let boris: EmulatedMember;

  beforeEach(async () => {
    world = await BotWorld.start({ environment: { GROUP_SWEEP_INTERVAL_SECONDS: '1' } });
    group = world.emulator.group({ title: 'Cosplay Club' });
    await eventually(() => expect(world.emulator.webhookInfo().allowed_updates).toContain('chat_member'));
    [anna, boris] = [world.emulator.member({ first_name: 'Anna' }), world.emulator.member({ first_name: 'Boris' })];
    group.setStatusUnheard(anna, 'administrator');
    group.setStatusUnheard(boris, 'left');
  });
  afterEach(() => world.stop());

  const due = (chat: EmulatedGroup, ids: readonly number[], groupId = 1): void => {
    const known = { chat_id: String(chat.id), kind: 'supergroup', title: chat.title, username: null };
    world.platform.dueChecks.push({ group_id: groupId, chat: known, telegram_ids: ids.map(String) });
  };
  const told = () => world.platform.rosterNews.filter(({ kind }) => kind === 'checks');
  const checks = () =>
    told()
      .flatMap(({ input }) => input['checks'] as RosterCheck[])
      .map((check) => [check.telegram_id, check.outcome === 'answered' ? check.standing : check.outcome]);
  const asked = () => world.emulator.calls('getChatMember').map(({ parameters }) => Number(parameters['user_id']));
  const isSettled = (wanted: readonly (readonly [number, string])[]) =>
    eventually(() => expect(checks()).toEqual(wanted.map(([id, outcome]) => [String(id), outcome])), patience);

  it('U-12: asks about each once, and says what Telegram answers and what it does not', async () => {
    due(group, [anna.id, 777_123, boris.id]);
    await isSettled([
      [anna.id, 'in'],
      [777_123, 'not_known'],
      [boris.id, 'out'],
    ]);
    expect(told()[0]?.input['checks']).toMatchObject([
      { first_name: 'Anna', telegram_status: 'administrator' },
      {},
      { telegram_status: 'left' },
    ]);
    expect(asked()).toEqual([anna.id, 777_123, boris.id]);
  });

  it('U-12: of two replicas one asks, and another goes on when it stops', async () => {
    const first = world.replicas[0];
    if (!first) throw new Error('no gateway');
    await world.startGateway();
    for (let count = 0; count < 3; count += 1) due(group, [anna.id, boris.id]);
    const each = [
      [anna.id, 'in'],
      [boris.id, 'out'],
    ] as const;
    await isSettled([...each, ...each, ...each]);
    await world.stopGateway(first);
    due(group, [boris.id]);
    await isSettled([...each, ...each, ...each, [boris.id, 'out']]);
    expect(asked()).toHaveLength(7);
  });

  it('U-12: asks nothing for as long as Telegram says, and goes on then', async () => {
    due(group, [anna.id]);
    await isSettled([[anna.id, 'in']]);
    world.emulator.injectFault({ kind: 'rate_limited', method: 'getChatMember', chatId: group.id, retryAfter: 1 });
    due(group, [boris.id, anna.id]);
    // Nobody hands out again what was taken; in earnest the service does, some minutes later.
    await eventually(() => expect(asked()).toEqual([anna.id, boris.id]), patience);
    due(group, [boris.id, anna.id]);
    await isSettled([
      [anna.id, 'in'],
      [boris.id, 'out'],
      [anna.id, 'in'],
    ]);
  });

  it('U-12: leaves off in the middle of a step when its turn is over, and tells what it has heard', async () => {
    const many = Array.from({ length: 300 }, () => anna.id);
    due(group, many);
    await eventually(() => expect(asked().length).toBeGreaterThan(0), patience);
    await world.cache?.set('bot:group-sweep:rest', 'asked for', 3_600_000);
    await eventually(() => expect(checks()).toHaveLength(asked().length), patience);
    expect(asked().length).toBeLessThan(many.length);
    await world.cache?.delete('bot:group-sweep:rest');
    due(group, [boris.id]);
    await eventually(() => expect(checks().at(-1)).toEqual([String(boris.id), 'out']), patience);
  });

  it('U-12: a group that is gone or has moved says nothing about its people, and the next group has its turn', async () => {
    const lost = world.emulator.group({ title: 'Lost', bot: 'left' });
    const small = world.emulator.group({ title: 'Small', type: 'group' });
    const supergroup = await small.upgrade(anna);
    await eventually(() =>
      expect(world.platform.rosterNews.filter(({ kind }) => kind === 'migration')).toHaveLength(2),
    );
    world.platform.rosterNews.length = 0;
    due(lost, [anna.id], 1);
    due(small, [anna.id], 2);
    due(group, [boris.id], 3);
    await isSettled([[boris.id, 'out']]);
    expect(told()[0]?.input['group_id']).toBe(3);
    const news = world.platform.rosterNews.filter(({ kind }) => kind === 'bot' || kind === 'migration');
    expect(news.map(({ kind, input }) => [kind, input['status'] ?? input['from_chat_id']])).toEqual([
      ['bot', 'left'],
      ['migration', String(small.id)],
    ]);
    expect(news[1]?.input['chat']).toMatchObject({ chat_id: String(supergroup.id) });
  });

  it('U-12: tells again what the service could not take, and no question is asked twice for it', async () => {
    world.platform.failNext(RecordRosterChecks, 'system.unavailable', 2);
    due(group, [boris.id]);
    await isSettled([[boris.id, 'out']]);
    expect(asked()).toEqual([boris.id]);
  });
});
