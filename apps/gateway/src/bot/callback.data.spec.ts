import { describe, expect, it } from 'vitest';
import { callbacks } from './callback.data.js';

describe('callback data', () => {
  it('comes back as it was packed', () => {
    const id = '11111111-2222-4333-8444-555555555555';
    expect(callbacks.verification.unpack(callbacks.verification.pack({ id }))).toEqual({ id });
    expect(callbacks.pointsPage.unpack(callbacks.pointsPage.pack({ page: 12 }))).toEqual({ page: 12 });
    expect(callbacks.language.unpack(callbacks.language.pack({ locale: 'zh' }))).toEqual({ locale: 'zh' });
    expect(callbacks.menu.unpack(callbacks.menu.pack({}))).toEqual({});
  });

  it('fits into 64 bytes for the longest fields, and says so when it does not', () => {
    const code = 'x'.repeat(32);
    expect(Buffer.byteLength(callbacks.registerWith.pack({ code }))).toBeLessThanOrEqual(64);
    expect(Buffer.byteLength(callbacks.verification.pack({ id: 'x'.repeat(48) }))).toBeLessThanOrEqual(64);
    expect(() => callbacks.registerWith.pack({ code: 'x'.repeat(60) })).toThrow(/64 bytes/);
  });

  it.each(['', 'menu', '0:menu', '2:menu', '1:menu:', '1:menu:x', '1:help', '1', ':'])(
    'does not take %j for the menu',
    (data) => {
      expect(callbacks.menu.unpack(data)).toBeUndefined();
    },
  );

  it.each(['0', '-1', '1.5', 'x', '', '100001', '1:2'])('refuses page %j', (page) => {
    expect(callbacks.pointsPage.unpack(`1:points_page:${page}`)).toBeUndefined();
  });

  it('has no two buttons of one name', () => {
    const packed = [
      callbacks.menu,
      callbacks.help,
      callbacks.cancel,
      callbacks.register,
      callbacks.bind,
      callbacks.points,
    ];
    expect(new Set(packed.map((callback) => callback.pack({}))).size).toBe(packed.length);
  });
});
