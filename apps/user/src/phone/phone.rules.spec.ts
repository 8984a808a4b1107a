import { describe, expect, it } from 'vitest';
import { isOwnContact, phoneTryScopes } from './phone.rules.js';

describe('isOwnContact (U-10)', () => {
  const own = { contactUserId: '77', chatType: 'private', forwarded: false };

  it('takes the own card, shared in the private chat', () => {
    expect(isOwnContact(own, '77')).toBe(true);
  });

  it.each([
    ['of somebody else', { ...own, contactUserId: '78' }],
    ['without an account', { ...own, contactUserId: null }],
    ['forwarded', { ...own, forwarded: true }],
    ['in a group', { ...own, chatType: 'supergroup' }],
  ])('refuses a card %s', (_, contact) => {
    expect(isOwnContact(contact, '77')).toBe(false);
  });
});

it('counts wrong codes of a phone apart from those of e-mail', () => {
  expect(phoneTryScopes(7, 'abc').map(({ name }) => name)).toEqual(['phone-user:7', 'phone:abc', 'phone-global']);
});
