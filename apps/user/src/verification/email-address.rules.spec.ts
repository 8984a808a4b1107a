import { describe, expect, it } from 'vitest';
import { canonicalAddress, domainOf, isAcceptableAddress, maskAddress } from './email-address.rules.js';

describe('isAcceptableAddress', () => {
  it.each(['a@b.co', 'alice.b+tag@mail.example.com', '50%_off-x@example.org'])('accepts %s', (address) => {
    expect(isAcceptableAddress(address)).toBe(true);
  });

  it.each([
    '',
    'alice',
    '@example.com',
    'alice@',
    'alice@example',
    'a b@example.com',
    'алиса@example.com',
    'a@b.c',
    'a@b@example.com',
    'a@example.com\n',
  ])('refuses %j', (address) => {
    expect(isAcceptableAddress(address)).toBe(false);
  });

  it('takes 128 characters and not 129', () => {
    const domain = '@example.com';
    expect(isAcceptableAddress('a'.repeat(128 - domain.length) + domain)).toBe(true);
    expect(isAcceptableAddress('a'.repeat(129 - domain.length) + domain)).toBe(false);
  });
});

describe('canonicalAddress', () => {
  it.each([
    ['Alice@Example.COM', 'alice@example.com'],
    ['A.l.i.c.e+club@Gmail.com', 'alice@gmail.com'],
    ['alice@googlemail.com', 'alice@gmail.com'],
    ['alice+x@outlook.com', 'alice@outlook.com'],
    ['a.lice+x@hotmail.co.uk', 'a.lice@hotmail.co.uk'],
    ['alice+x@live.com', 'alice@live.com'],
    ['alice+x@proton.me', 'alice@proton.me'],
    ['alice+x@fastmail.com', 'alice@fastmail.com'],
    ['alice+x@icloud.com', 'alice@icloud.com'],
    ['alice+x@yandex.ru', 'alice@yandex.ru'],
    ['a.lice@ya.ru', 'a-lice@yandex.ru'],
    ['a-lice@Yandex.com', 'a-lice@yandex.ru'],
    ['alice+x@yandex.kz', 'alice@yandex.ru'],
    ['alice@narod.ru', 'alice@yandex.ru'],
    ['alice+x@pm.me', 'alice@proton.me'],
    ['alice@protonmail.com', 'alice@proton.me'],
    ['alice@me.com', 'alice@icloud.com'],
    ['alice@mac.com', 'alice@icloud.com'],
    ['alice@ＧＭＡＩＬ.com', 'alice@gmail.com'],
    ['alice@bücher.example', 'alice@xn--bcher-kva.example'],
    ['+alice@gmail.com', '+alice@gmail.com'],
  ])('%s is %s', (typed, canonical) => {
    expect(canonicalAddress(typed)).toBe(canonical);
  });

  it('keeps dots and tags of unknown domains, where they may be two persons', () => {
    expect(canonicalAddress('a.b+tag@example.com')).toBe('a.b+tag@example.com');
    expect(canonicalAddress('a.b+tag@yahoo.com')).toBe('a.b+tag@yahoo.com');
    expect(canonicalAddress('a+tag@live.example.com')).toBe('a+tag@live.example.com');
    expect(canonicalAddress('a+tag@outlook.com.evil.example')).toBe('a+tag@outlook.com.evil.example');
  });

  it('is stable', () => {
    for (const address of ['A.b+c@GoogleMail.com', 'x@bücher.example', 'no-address']) {
      expect(canonicalAddress(canonicalAddress(address))).toBe(canonicalAddress(address));
    }
  });
});

describe('maskAddress and domainOf', () => {
  it.each([
    ['alice@example.com', 'a***e@example.com'],
    ['al@example.com', 'a***@example.com'],
    ['a@example.com', 'a***@example.com'],
  ])('%s is shown as %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });

  it('tells the domain in lower-case ASCII', () => {
    expect(domainOf('Alice@BÜCHER.example')).toBe('xn--bcher-kva.example');
    expect(domainOf('alice')).toBe('');
  });
});
