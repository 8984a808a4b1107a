import { describe, expect, it } from 'vitest';
import { botIdOf, groupCommandOf, isFromPerson, laneOf, pressKeyOf, typeOf, updateSchema } from './update.rules.js';

const known = ['message', 'callback_query'] as const;

describe('updates', () => {
  it('have a lane: the chat, else the person', () => {
    expect(laneOf({ update_id: 1, message: { chat: { id: -100 }, from: { id: 7 } } })).toBe('-100');
    expect(laneOf({ update_id: 1, callback_query: { from: { id: 7 }, message: { chat: { id: 9 } } } })).toBe('9');
    expect(laneOf({ update_id: 1, inline_query: { from: { id: 7 } } })).toBe('7');
    expect(laneOf({ update_id: 1, my_chat_member: { chat: { id: 3 }, from: { id: 7 } } })).toBe('3');
    for (const odd of [null, 'text', 5, [], {}, { chat: null }])
      expect(laneOf({ update_id: 1, message: odd })).toBe('none');
    expect(laneOf({ update_id: 1 })).toBe('none');
  });

  it('have a type out of a closed list', () => {
    expect(typeOf({ update_id: 1, callback_query: {} }, known)).toBe('callback_query');
    expect(typeOf({ update_id: 1, poll: {} }, known)).toBe('other');
  });

  it.each([{}, { update_id: '1' }, { update_id: 1.5 }, null, []])('are not %j', (body) => {
    expect(updateSchema.safeParse(body).success).toBe(false);
  });
});

describe('a group command', () => {
  it.each([
    ['/checkin', 'checkin'],
    ['/CheckIn', 'checkin'],
    ['/checkin please', 'checkin'],
    ['/checkin@Coser_Bot', 'checkin'],
    ['/points@coser_bot 2', 'points'],
    ['/points', undefined],
    ['/checkin@other_bot', undefined],
    ['checkin', undefined],
    [' /checkin', undefined],
    ['/checkin@', undefined],
    ['/checkins', undefined],
    [undefined, undefined],
  ])('%j is %j', (text, command) =>
    expect(groupCommandOf(text, 'coser_bot', { isOursInGroups: (name) => name === 'checkin' })).toBe(command),
  );
});

describe('a person', () => {
  it.each([
    [{ from: { id: 5, is_bot: false } }, true],
    [{ from: { id: 5, is_bot: true } }, false],
    [{ from: { id: 1_087_968_824, is_bot: true } }, false],
    [{ from: { id: 1_087_968_824, is_bot: false } }, false],
    [{ from: { id: 777_000, is_bot: false } }, false],
    [{ from: { id: 5, is_bot: false }, sender_chat: { id: -1 } }, false],
    [{}, false],
  ])('%j: %s', (sender, expected) => expect(isFromPerson(sender)).toBe(expected));
});

describe('a press', () => {
  it('is the same one for each button of each message', () => {
    const message = { message_id: 7, chat: { id: 5 } };
    expect(pressKeyOf('42', { message, data: '1:menu' })).toBe('tg:42:press:5:7:1:menu');
    expect(pressKeyOf('42', { data: '1:menu' })).toBeUndefined();
    expect(pressKeyOf('42', { message })).toBeUndefined();
    expect(pressKeyOf('42', undefined)).toBeUndefined();
  });
});

describe('the id of a bot', () => {
  it('is the public part of its token', () => {
    expect(botIdOf('4242:emulated')).toBe('4242');
    expect(botIdOf('nonsense')).toBe('');
  });
});
