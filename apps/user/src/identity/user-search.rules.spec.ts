import { describe, expect, it } from 'vitest';
import { likePrefix, understandQuery } from './user-search.rules.js';

describe('a search for users (B-04)', () => {
  it.each([
    ['42', { by: 'id', id: 42, telegramId: '42' }],
    [' #42 ', { by: 'id', id: 42, telegramId: null }],
    ['0', { by: 'nothing' }],
    ['-1001234567890', { by: 'telegram_id', telegramId: '-1001234567890' }],
    ['12345678901234567890', { by: 'telegram_id', telegramId: '12345678901234567890' }],
    ['@Mila_cos', { by: 'username', username: 'Mila_cos' }],
    ['@', { by: 'nothing' }],
    ['@a b', { by: 'nothing' }],
    ['Mil@ex', { by: 'email', prefix: 'mil@ex' }],
    ['mi@e', { by: 'nothing' }],
    ['mi@exam', { by: 'email', prefix: 'mi@exam' }],
    ['Мила', { by: 'name', prefix: 'Мила' }],
    ['   ', { by: 'nothing' }],
  ])('%j is %j', (text, expected) => expect(understandQuery(text)).toEqual(expected));

  it('takes signs of LIKE for what they are', () => {
    expect(likePrefix('100%_!')).toBe('100!%!_!!%');
  });
});
