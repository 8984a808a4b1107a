import { describe, expect, it } from 'vitest';
import { blockedBy, domainAndParents, entryOf, matchesGlob, type BlacklistEntry } from './blacklist.rules.js';

const lists = (...entries: BlacklistEntry[]) => ({ disposable: new Set(['throwaway.example']), entries });

describe('blockedBy', () => {
  it.each([
    ['ann@throwaway.example', 'disposable'],
    ['ann@a.b.throwaway.example', 'disposable'],
    ['ann@THROWAWAY.example', 'disposable'],
    ['ann@notthrowaway.example', null],
    ['throwaway.example@good.example', null],
  ])('%s -> %s by the list of disposable domains', (address, expected) => {
    expect(blockedBy(address, lists())?.kind ?? null).toBe(expected);
  });

  it.each([
    ['bob@good.example', { kind: 'address', pattern: 'bob@good.example' }, 'address'],
    ['B.ob+x@gmail.com', { kind: 'address', pattern: 'bob@gmail.com' }, 'address'],
    ['bobby@good.example', { kind: 'address', pattern: 'bob@good.example' }, null],
    ['bob@deep.bad.example', { kind: 'domain', pattern: 'bad.example' }, 'domain'],
    ['bob@notbad.example', { kind: 'domain', pattern: 'bad.example' }, null],
    ['spam12@x.example', { kind: 'pattern', pattern: 'spam*@*.example' }, 'pattern'],
    ['ham@x.example', { kind: 'pattern', pattern: 'spam*@*.example' }, null],
  ] as const)('%s and %o -> %s', (address, entry, expected) => {
    expect(blockedBy(address, lists(entry))?.kind ?? null).toBe(expected);
  });
});

describe('domainAndParents', () => {
  it('leaves the last label alone and is bounded', () => {
    expect(domainAndParents('a@b.c.example')).toEqual(['b.c.example', 'c.example']);
    expect(domainAndParents('nothing')).toEqual([]);
    expect(domainAndParents(`a@${'x.'.repeat(50)}example`)).toHaveLength(8);
  });
});

describe('matchesGlob', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', '*', true],
    ['', '*', true],
    ['abc', 'a*c', true],
    ['ac', 'a*c', true],
    ['abcd', 'a*c', false],
    ['aba', 'ab*ba', false],
    ['xaybz', '*a*b*', true],
    ['xbyaz', '*a*b*', false],
    ['a.c', 'abc', false],
  ])('%s like %s: %s', (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });

  it('takes a hostile pattern in its stride', () => {
    expect(matchesGlob('a'.repeat(20_000), `${'*a'.repeat(120)}b`)).toBe(false);
  });
});

describe('entryOf', () => {
  it.each([
    ['address', ' B.ob+Club@GMail.com ', 'bob@gmail.com'],
    ['address', 'bob', null],
    ['address', 'b*b@good.example', null],
    ['domain', 'Bad.Example', 'bad.example'],
    ['domain', '@bad.example', 'bad.example'],
    ['domain', '*.bad.example', 'bad.example'],
    ['domain', 'пример.рф', 'xn--e1afmkfd.xn--p1ai'],
    ['domain', 'example', null],
    ['domain', 'bad..example', null],
    ['domain', '-bad.example', null],
    ['domain', `${'a.'.repeat(8)}example`, null],
    ['pattern', 'Spam***@*.Example', 'spam*@*.example'],
    ['pattern', 'abc', 'abc'],
    ['pattern', 'a*b', null],
    ['pattern', '***', null],
    ['pattern', 'spam(a+)+@*', null],
    ['pattern', '*a*b*c*d*e*f*g*h', '*a*b*c*d*e*f*g*h'],
    ['pattern', '*a*b*c*d*e*f*g*h*', null],
    ['pattern', 'a'.repeat(129), null],
  ] as const)('%s %j -> %j', (kind, typed, pattern) => {
    expect(entryOf(kind, typed)).toEqual(pattern === null ? null : { kind, pattern });
  });
});
