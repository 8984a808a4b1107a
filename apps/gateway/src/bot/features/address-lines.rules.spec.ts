import { describe, expect, it } from 'vitest';
import { addressOfLines } from './address-lines.rules.js';

const typed = 'Мария Петрова\n+7 912 345-67-89\nru\nСвердловская область\nЕкатеринбург\nулица Ленина, 1';

describe('an address typed into the chat (P-07)', () => {
  it('is read line by line, with or without a postal code, empty lines and spaces left out', () => {
    const expected = {
      name: 'Мария Петрова',
      phone: '+7 912 345-67-89',
      country: 'RU',
      province: 'Свердловская область',
      city: 'Екатеринбург',
      address: 'улица Ленина, 1',
      postal_code: null,
    };
    expect(addressOfLines(typed)).toEqual(expected);
    expect(addressOfLines(`\n  ${typed.replaceAll('\n', ' \n\n ')}\n620014\n`)).toEqual({
      ...expected,
      postal_code: '620014',
    });
  });

  it.each(['', 'hello', 'one\ntwo\nthree\nfour\nfive', `${typed}\n620014\nanother line`])('is not %j', (text) => {
    expect(addressOfLines(text)).toBeNull();
  });
});
