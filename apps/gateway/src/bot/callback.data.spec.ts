import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MenuBook } from './menu.order.js';
import { withMember } from './bot.order.js';
import { defineCallback } from './callback.data.js';
import { verificationPress } from './features/bind.keyboard.js';
import { languagePress } from './features/language.keyboard.js';
import { menuPress } from './features/menu.keyboard.js';
import { pointsPagePress } from './features/points.keyboard.js';
import { registerWithPress } from './features/register.keyboard.js';

describe('callback data', () => {
  it('comes back as it was packed', () => {
    const id = '11111111-2222-4333-8444-555555555555';
    expect(verificationPress.unpack(verificationPress.pack({ id }))).toEqual({ id });
    expect(pointsPagePress.unpack(pointsPagePress.pack({ page: 12 }))).toEqual({ page: 12 });
    expect(languagePress.unpack(languagePress.pack({ locale: 'zh' }))).toEqual({ locale: 'zh' });
    expect(menuPress.unpack(menuPress.pack({}))).toEqual({});
  });

  it('fits into 64 bytes for the longest fields, and says so when it does not', () => {
    const code = 'x'.repeat(32);
    expect(Buffer.byteLength(registerWithPress.pack({ code }))).toBeLessThanOrEqual(64);
    expect(Buffer.byteLength(verificationPress.pack({ id: 'x'.repeat(48) }))).toBeLessThanOrEqual(64);
    expect(() => registerWithPress.pack({ code: 'x'.repeat(60) })).toThrow(/64 bytes/);
    expect(() => registerWithPress.pack({ code: 'a:b' })).toThrow(/separator/);
  });

  it.each(['', 'menu', '0:menu', '2:menu', '1:menu:', '1:menu:x', '1:help', '1', ':'])(
    'does not take %j for the menu',
    (data) => {
      expect(menuPress.unpack(data)).toBeUndefined();
    },
  );

  it.each(['0', '-1', '1.5', 'x', '', '100001', '1:2'])('refuses page %j', (page) => {
    expect(pointsPagePress.unpack(`1:points_page:${page}`)).toBeUndefined();
  });

  it('has no two kinds of one name, and names that are short', () => {
    defineCallback('only_once', z.object({ id: z.string() }));
    expect(() => defineCallback('only_once')).toThrow(/two kinds/);
    expect(() => defineCallback('menu')).toThrow(/two kinds/);
    for (const name of ['', 'A', 'with:separator', 'x'.repeat(17)])
      expect(() => defineCallback(name)).toThrow(/2 to 16/);
  });

  it('opens every entry of the menu within 64 bytes', () => {
    for (const { press } of new MenuBook(withMember).entries) expect(press.unpack(press.pack({}))).toEqual({});
  });
});
