import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPersonalData } from './mask.rules.js';

describe('maskPersonalData', () => {
  it('masks by the names of keys, at any depth', () => {
    const masked = maskPersonalData({
      email: 'alice@example.org',
      member: { phoneNumber: '+86 138-0013-8000', emails: ['bob@example.org', 'x@example.org'] },
      undo_token: 'a-long-token',
      codes: ['123456'],
      invite_code: 'WELCOME',
      auth: { password_hash: '$2b$12$', apiKey: 7, init_data: { user: 1 } },
    });
    expect(masked).toEqual({
      email: 'a***e@example.org',
      member: { phoneNumber: '+** ***-****-**00', emails: ['b***b@example.org', 'x***@example.org'] },
      undo_token: '***',
      codes: '***',
      invite_code: '***',
      auth: { password_hash: '***', apiKey: '***', init_data: '***' },
    });
  });

  it('knows a number that is masked already, wherever its digits stood', () => {
    for (const phone of ['+** ***-****-**00', '*a.*a.0@a0a.aa', '****', '***'])
      expect(maskPersonalData({ phone })).toEqual({ phone });
  });

  it('leaves what is about a secret but none', () => {
    const harmless = {
      user_id: 7,
      invite_code_id: 3,
      token_type: 'Bearer',
      code_expires_at: '2026-01-01T00:00:00.000Z',
      language_code: 'ru',
      email_verified: true,
      email: null,
      reason: 'token_reuse',
      balance: -1.5,
    };
    expect(maskPersonalData(harmless)).toEqual(harmless);
  });

  it('masks e-mail addresses in any text and in keys', () => {
    expect(maskPersonalData({ text: 'From: Ann <ann@example.org>, to bo@b.example' })).toEqual({
      text: 'From: Ann <a***n@example.org>, to b***@b.example',
    });
    expect(maskPersonalData({ 'ann@example.org': 1 })).toEqual({ 'a***n@example_org': 1 });
    expect(maskPersonalData({ email: 'alice at example' })).toEqual({ email: '***' });
  });

  it('makes keys and lists that every store takes', () => {
    expect(maskPersonalData({ 'a.b': 1, $set: 2, 'n\0l': 3, list: [[1, [2]], 3] })).toEqual({
      a_b: 1,
      _set: 2,
      n_l: 3,
      list: [{ 0: 1, 1: [2] }, 3],
    });
    expect(maskPersonalData({ codes: [['123456']] })).toEqual({ codes: '***' });
    expect(maskPersonalData({ phones: [['13800138000']] })).toEqual({ phones: [{ 0: '*********00' }] });
  });

  it('makes plain JSON of anything else', () => {
    const at = new Date('2026-01-01T00:00:00Z');
    expect(maskPersonalData({ at, big: 10n, none: undefined, odd: Number.NaN, zero: -0 })).toEqual({
      at: at.toISOString(),
      big: '10',
      odd: 'NaN',
      zero: 0,
    });
  });

  it('bounds depth, items, texts and the whole', () => {
    const deep = { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } };
    expect(maskPersonalData(deep)).toEqual({ a: { a: { a: { a: { a: { a: '[cut]' } } } } } });
    expect(maskPersonalData(Array.from({ length: 500 }, () => 1))).toHaveLength(101);
    expect(maskPersonalData('x'.repeat(10_000))).toHaveLength(505);
    const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => ({ text: 'x'.repeat(1_000) })));
    expect(JSON.stringify(maskPersonalData(wide)).length).toBeLessThan(40_000);
  });

  it('does not cut an address out of its mask', () => {
    const text = `${'x'.repeat(495)} secretname@example.org`;
    expect(maskPersonalData(text)).not.toContain('ecret');
  });

  it('never lets a marked value through, and masking again changes nothing', () => {
    const secretValue = fc.constant('5ecret-value');
    const key = fc.constantFrom('token', 'refreshToken', 'codes', 'api_key', 'password', 'otp');
    const phone = fc.record({ tel: fc.oneof(fc.string(), fc.emailAddress(), fc.stringMatching(/^\+?[0-9 -]{3,16}$/)) });
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.emailAddress());
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        leaf,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }),
        fc.tuple(key, secretValue).map(([name, value]) => ({ [name]: value })),
        phone,
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const masked = maskPersonalData(value);
        const text = JSON.stringify(masked);
        expect(text).not.toContain('5ecret');
        expect(JSON.stringify(maskPersonalData(masked))).toBe(text);
      }),
    );
  });
});
