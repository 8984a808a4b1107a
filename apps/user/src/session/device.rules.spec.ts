import { describe, expect, it } from 'vitest';
import { deviceName, maskIp } from './device.rules.js';

describe('an address in the list of sign-ins (U-14)', () => {
  it.each([
    ['203.0.113.77', '203.0.113.*'],
    ['::ffff:203.0.113.77', '203.0.113.*'],
    ['2001:db8:a:b:c:d:e:f', '2001:db8:a:*'],
    ['2001:DB8::1', '2001:db8:0:*'],
    ['::1', '0:0:0:*'],
    ['no address', null],
    ['1:2:3', null],
    ['1:2:3:4:5:6:7:8:9', null],
    [undefined, null],
  ])('%s is shown as %s', (ip, shown) => expect(maskIp(ip)).toBe(shown));
});

describe('a device in the list of sign-ins (U-14)', () => {
  it.each([
    ['Mozilla/5.0 (X11)', 'Mozilla/5.0 (X11)'],
    ['a\u001b[31m\n b', 'a [31m b'],
    ['  ', null],
    [null, null],
  ])('%j is shown as %j', (userAgent, shown) => expect(deviceName(userAgent)).toBe(shown));
});
