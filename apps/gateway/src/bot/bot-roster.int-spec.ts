import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordGroupSightings } from '#contracts';
import { eventually } from '#testing';
import type { EmulatedGroup, EmulatedMember } from '#testing/bot-emulator';
import { BotWorld } from './bot-world.fixture.js';

describe('what the bot tells of its groups', () => {
  let world: BotWorld;
  let group: EmulatedGroup;
  let anna: EmulatedMember;

  beforeEach(async () => {
    world = await BotWorld.start();
    group = world.emulator.group({ title: 'Cosplay Club' });
    anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    // Before its first poll Telegram does not know which kinds of updates the bot wants.
    await eventually(() => expect(world.emulator.webhookInfo().allowed_updates).toContain('chat_member'));
  });
  afterEach(() => world.stop());

  const news = (kind: string) => world.platform.rosterNews.filter((entry) => entry.kind === kind);
  const sightingsOf = (source: string) =>
    news('sightings')
      .flatMap(({ input }) => input['sightings'] as { telegram_id: string; standing: string; source: string }[])
      .filter((sighting) => sighting.source === source);

  it('U-12: tells who comes and goes, and of those who write once an hour', async () => {
    await anna.join(group);
    for (let count = 0; count < 20; count += 1) await anna.sendIn(group, `message ${count}`);
    await group.sendAnonymously('nobody');
    await anna.leave(group);
    await eventually(() => expect(sightingsOf('chat_member').map(({ standing }) => standing)).toEqual(['in', 'out']));
    await eventually(() => expect(sightingsOf('message')).toHaveLength(1));
    await eventually(() =>
      expect(sightingsOf('service_message').map(({ standing }) => standing)).toEqual(['in', 'out']),
    );
  });

  it('U-12: tells once the service is back who came while it was away', async () => {
    world.platform.failNext(RecordGroupSightings, 'system.unavailable', 3);
    await anna.join(group);
    await eventually(() => expect(sightingsOf('chat_member')).toHaveLength(1));
  });

  it('U-12: tells that a group became a supergroup, and of its own rights', async () => {
    const small = world.emulator.group({ title: 'Small', type: 'group' });
    await anna.join(small);
    small.setBot('administrator', anna, { can_restrict_members: false });
    const supergroup = await small.upgrade(anna);
    await eventually(() => {
      const moved = news('migration').map(({ input }) => [
        input['from_chat_id'],
        (input['chat'] as { chat_id: string }).chat_id,
      ]);
      expect(moved).toEqual(Array(2).fill([String(small.id), String(supergroup.id)]));
    });
    const rights = news('bot').at(-1)?.input['rights'] as string[];
    expect(rights).toContain('can_invite_users');
    expect(rights).not.toContain('can_restrict_members');
  });

  it('N-09: tells who blocked the bot, and who came back', async () => {
    await anna.start();
    anna.block();
    anna.unblock();
    await eventually(() =>
      expect(news('reach').map(({ input }) => [input['telegram_id'], input['reachable']])).toEqual([
        [String(anna.id), false],
        [String(anna.id), true],
      ]),
    );
  });

  it('U-12: looks at its groups when it starts: rights, administrators, kinds of updates', async () => {
    // Ended first: what it found at its own start would be told beside what is looked for here.
    for (const gateway of [...world.replicas]) await world.stopGateway(gateway);
    await world.forgetCache();
    world.platform.rosterNews.length = 0;
    const lost = world.emulator.group({ title: 'Lost', bot: 'left' });
    const small = world.emulator.group({ title: 'Small', type: 'group' });
    const supergroup = await small.upgrade(anna);
    group.setStatus(anna, 'creator');
    for (const { id, title } of [group, lost, small]) world.platform.groups.push(knownGroup(id, title));
    await world.startGateway();
    await eventually(() => {
      expect(news('types').map(({ input }) => [input['mode'], input['missing']])).toEqual([['polling', []]]);
      expect(sightingsOf('administrators')).toMatchObject([{ telegram_id: String(anna.id), standing: 'in' }]);
      expect(news('bot').map(({ input }) => [(input['chat'] as { title: string }).title, input['status']])).toEqual([
        ['Cosplay Club', 'administrator'],
        ['Lost', 'left'],
      ]);
      const chat_id = String(supergroup.id);
      const found = news('migration').filter(({ input }) => input['order'] === 0);
      expect(found).toMatchObject([{ input: { from_chat_id: String(small.id), chat: { chat_id } } }]);
    });
  });
});

function knownGroup(id: number, title: string): unknown {
  return {
    id: -id,
    chat_id: String(id),
    kind: 'supergroup',
    title,
    username: null,
    bot_status: null,
    missing_rights: [],
    bot_checked_at: null,
    members: { in: 0, out: 0, unknown: 0 },
    updated_at: '2031-05-04T04:00:00.000Z',
  };
}
