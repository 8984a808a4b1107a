import { describe, expect, it } from 'vitest';
import { readSigned, signForMember } from './group-button.rules.js';

const key = 'any key will do';

describe('a button in a group', () => {
  it('says whose it is', () => {
    const signed = signForMember(key, 123_456, '1:rank_page:2');
    expect(readSigned(key, signed)).toEqual({ userId: 123_456, data: '1:rank_page:2' });
    expect(Buffer.byteLength(signed)).toBeLessThanOrEqual(64);
  });

  it('is believed only as this bot made it', () => {
    const signed = signForMember(key, 5, '1:menu');
    const forged = [
      '1:menu',
      '',
      'g5.|1:menu',
      signed.replace('g5', 'g6'),
      signed.replace('menu', 'help'),
      signed.replace('|', ''),
      `${signed}x`,
      signForMember('another key', 5, '1:menu'),
    ];
    for (const data of forged) expect([data, readSigned(key, data)]).toEqual([data, undefined]);
  });
});
