import { describe, expect, it } from 'vitest';
import { newsOf, rightsOf, standingOf, type ChatMember, type RosterUpdate } from './roster-news.rules.js';

const anna = { id: 10_001, is_bot: false, first_name: 'Anna', username: 'anna' };
const robot = { id: 5, is_bot: true, first_name: 'Robot' };
const group = { id: -1_001, type: 'supergroup', title: 'Club' };
const date = Date.UTC(2026, 2, 1) / 1_000;
const at = '2026-03-01T00:00:00.000Z';
const chat = { chat_id: '-1001', kind: 'supergroup', title: 'Club', username: null };

function sightingsOf(update: Omit<RosterUpdate, 'update_id'>): unknown[] {
  return newsOf({ update_id: 7, ...update }).flatMap((news) =>
    news.kind === 'sightings' || news.kind === 'author'
      ? news.input.sightings.map(({ telegram_id, standing, source }) => [telegram_id, standing, source])
      : [news.kind],
  );
}

describe('U-12: what an update says about who is where', () => {
  it.each([
    ['creator', undefined, 'in'],
    ['administrator', undefined, 'in'],
    ['member', undefined, 'in'],
    ['restricted', true, 'in'],
    ['restricted', false, 'out'],
    ['restricted', undefined, 'out'],
    ['left', undefined, 'out'],
    ['kicked', undefined, 'out'],
  ] as const)('%s with is_member %s is %s', (status, is_member, standing) => {
    expect(standingOf({ status, ...(is_member !== undefined && { is_member }) })).toBe(standing);
  });

  it('a change is about the one who changed, not about the one who did it', () => {
    const change = { chat: group, from: robot, date, new_chat_member: { user: anna, status: 'kicked' as const } };
    expect(newsOf({ update_id: 7, chat_member: change })).toEqual([
      {
        kind: 'sightings',
        input: {
          chat,
          sightings: [
            {
              telegram_id: '10001',
              first_name: 'Anna',
              username: 'anna',
              standing: 'out',
              telegram_status: 'kicked',
              source: 'chat_member',
              at,
              order: 7,
            },
          ],
        },
      },
    ]);
    expect(sightingsOf({ chat_member: { ...change, new_chat_member: { user: robot, status: 'member' } } })).toEqual([]);
  });

  it('a request to join comes from outside', () => {
    expect(sightingsOf({ chat_join_request: { chat: group, from: anna, date } })).toEqual([
      ['10001', 'out', 'join_request'],
    ]);
  });

  it.each([
    ['in a closed group', {}, [['10001', 'in', 'message']]],
    ['in a topic', { message_thread_id: 3, is_topic_message: true }, [['10001', 'in', 'message']]],
    ['in what may be a comment', { message_thread_id: 3 }, [['10001', 'unknown', 'message']]],
    ['in a public group', { chat: { ...group, username: 'club' } }, [['10001', 'unknown', 'message']]],
    ['for a channel', { sender_chat: { id: -5 } }, []],
    ['as a bot', { from: robot }, []],
    ['as an anonymous admin', { from: { ...robot, id: 1_087_968_824 }, sender_chat: group }, []],
    ['as a linked channel', { from: { ...anna, id: 777_000 } }, []],
    ['in private', { chat: { id: 10_001, type: 'private' } }, []],
    ['that people came', { new_chat_members: [anna, robot] }, [['10001', 'in', 'service_message']]],
    ['that somebody left', { left_chat_member: anna }, [['10001', 'out', 'service_message']]],
    ['that a bot left', { left_chat_member: robot }, []],
    ['that it moves', { migrate_to_chat_id: -1_002 }, ['migration']],
    ['that it has moved', { migrate_from_chat_id: -9 }, ['migration']],
  ])('a message %s', (_what, change, expected) => {
    expect(sightingsOf({ message: { chat: group, from: anna, date, ...change } })).toEqual(expected);
  });

  it('its own place in a group comes with its rights, in private it is about who can be reached', () => {
    const bot: ChatMember = {
      user: robot,
      status: 'administrator',
      can_invite_users: true,
      can_restrict_members: false,
      is_anonymous: false,
    };
    expect(rightsOf(bot)).toEqual(['can_invite_users']);
    expect(newsOf({ update_id: 7, my_chat_member: { chat: group, from: anna, date, new_chat_member: bot } })).toEqual([
      { kind: 'bot', input: { chat, status: 'administrator', rights: ['can_invite_users'], at, order: 7 } },
    ]);
    const own = { chat: { id: 10_001, type: 'private' }, from: anna, date };
    const reach = (status: 'kicked' | 'member') =>
      newsOf({ update_id: 7, my_chat_member: { ...own, new_chat_member: { user: robot, status } } });
    expect(reach('kicked')).toEqual([{ kind: 'reach', telegramId: '10001', reachable: false, at }]);
    expect(reach('member')).toEqual([{ kind: 'reach', telegramId: '10001', reachable: true, at }]);
  });

  it('both ends of a migration say the same', () => {
    const [to] = newsOf({ update_id: 7, message: { chat: { ...group, id: -9 }, date, migrate_to_chat_id: -1_001 } });
    const [from] = newsOf({ update_id: 8, message: { chat: group, date, migrate_from_chat_id: -9 } });
    expect(to).toMatchObject({ kind: 'migration', input: { from_chat_id: '-9', chat: { chat_id: '-1001' } } });
    expect(from).toMatchObject({ kind: 'migration', input: { from_chat_id: '-9', chat: { chat_id: '-1001' } } });
  });
});
