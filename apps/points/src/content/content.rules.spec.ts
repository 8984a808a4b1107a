import { describe, expect, it } from 'vitest';
import { canonicalLink, fingerprintOf, workProblems, type Work } from './content.rules.js';

describe('a submission (P-05)', () => {
  it.each<[string, Work, string[]]>([
    ['a text', { kind: 'text', text: 'how I made the armour' }, []],
    ['a link with a word about it', { kind: 'link', link: 'https://example.org/a', text: 'look' }, []],
    ['a photo', { kind: 'photo', photo_file_id: 'AgAC', photo_unique_id: 'AQAD' }, []],
    ['a text without text', { kind: 'text' }, ['text:missing']],
    ['a photo without photo', { kind: 'photo', text: 'look' }, ['photo_file_id:missing']],
    ['a text with a link beside it', { kind: 'text', text: 'a', link: 'https://example.org' }, ['link:for_links_only']],
    ['a text with a photo', { kind: 'text', text: 'a', photo_file_id: 'x' }, ['photo_file_id:for_photos_only']],
    ['an unsafe link', { kind: 'link', link: 'http://example.org' }, ['link:no_https_address']],
    ['a script', { kind: 'link', link: 'javascript:alert(1)' }, ['link:no_https_address']],
    ['a link that holds a password', { kind: 'link', link: 'https://a:b@example.org' }, ['link:no_https_address']],
    ['a link into a house', { kind: 'link', link: 'https://intranet/' }, ['link:no_https_address']],
  ])('%s', (_what, work, expected) => {
    expect(workProblems(work).map(({ path, problem }) => `${path}:${problem}`)).toEqual(expected);
  });

  it('is the same however it is written', () => {
    const link = (address: string): string => fingerprintOf({ kind: 'link', link: address });
    expect(link('https://www.Example.org/a/?utm_source=x&b=2&a=1#top')).toBe(link('https://example.org/a?a=1&b=2'));
    expect(link('https://example.org/a')).not.toBe(link('https://example.org/b'));
    const text = (words: string): string => fingerprintOf({ kind: 'text', text: words });
    expect(text('How  I made\nthe ARMOUR!')).toBe(text('how i made the armour'));
    expect(text('护甲制作')).not.toBe(text('护甲 修理'));
    expect(text('🎭 🎉')).toBe(text('🎭🎉'));
    expect(text('🎭')).not.toBe(text('🎉'));
    const photo = (id: string): string => fingerprintOf({ kind: 'photo', photo_file_id: id, photo_unique_id: 'same' });
    expect(photo('a')).toBe(photo('b'));
    expect(text('same')).not.toBe(photo('a'));
  });

  it('keeps the address of a page apart from the way to it', () => {
    expect(canonicalLink('https://EXAMPLE.org')).toBe('https://example.org');
    expect(canonicalLink('https://example.org/a/?spm=1')).toBe('https://example.org/a');
    expect(canonicalLink('nonsense')).toBeNull();
  });
});
