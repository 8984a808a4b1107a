import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withFoundEntities } from './entity.finder.js';
import { parseMarkup } from './keyboard.parser.js';
import { parseHtml } from './rich.text.js';

describe('parseHtml', () => {
  it('reads tags, nesting and character references', () => {
    expect(parseHtml('<b>a <i>&lt;b&gt;</i></b> &amp; &#x1F389;')).toEqual({
      text: 'a <b> & 🎉',
      entities: [
        { type: 'bold', offset: 0, length: 5 },
        { type: 'italic', offset: 2, length: 3 },
      ],
    });
  });

  it('reads links, spoilers and code blocks with a language', () => {
    const { text, entities } = parseHtml(
      '<a href="https://example.org/?a=1&amp;b=2">x</a><span class="tg-spoiler">y</span>' +
        '<pre><code class="language-ts">z</code></pre><blockquote expandable>q</blockquote>',
    );
    expect(text).toBe('xyzq');
    expect(entities).toEqual([
      { type: 'text_link', offset: 0, length: 1, url: 'https://example.org/?a=1&b=2' },
      { type: 'spoiler', offset: 1, length: 1 },
      { type: 'pre', offset: 2, length: 1, language: 'ts' },
      { type: 'blockquote', offset: 3, length: 1 },
    ]);
  });

  it('drops links of other protocols but keeps their text', () => {
    expect(parseHtml('<a href="javascript:alert(1)">x</a> <a href="mailto:a@b.cc">y</a>')).toEqual({
      text: 'x y',
      entities: [],
    });
  });

  it('trims and moves the entities along', () => {
    expect(parseHtml('  <b>a</b> \n')).toEqual({ text: 'a', entities: [{ type: 'bold', offset: 0, length: 1 }] });
  });

  it.each([
    ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
    ['a <h1>b</h1>', 'Unsupported start tag "h1" at byte offset 2'],
    ['ж < 3', 'Unsupported start tag "" at byte offset 3'],
    ['<b><i>a</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<b', 'Unclosed start tag "b" at byte offset 0'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('refuses %s as Telegram does', (source, reason) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${reason}`);
  });

  it('gives back any escaped text unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const escaped = raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        expect(parseHtml(escaped).text).toBe(raw.trim());
      }),
    );
  });
});

describe('withFoundEntities', () => {
  it('finds commands, links, addresses, mentions and tags', () => {
    const text = '/start@coser_bot see https://a.example/x?y=1. or mail a.b+c@d.example @someone #cosplay';
    const found = withFoundEntities(text).map(({ type, offset, length }) => [
      type,
      text.slice(offset, offset + length),
    ]);
    expect(found).toEqual([
      ['bot_command', '/start@coser_bot'],
      ['url', 'https://a.example/x?y=1'],
      ['email', 'a.b+c@d.example'],
      ['mention', '@someone'],
      ['hashtag', '#cosplay'],
    ]);
  });

  it('leaves what is marked as code or link alone, and looks into bold text', () => {
    expect(withFoundEntities('/start', [{ type: 'code', offset: 0, length: 6 }])).toHaveLength(1);
    expect(withFoundEntities('/start', [{ type: 'bold', offset: 0, length: 6 }])).toHaveLength(2);
  });
});

describe('parseMarkup', () => {
  const inline = (button: object): object => ({ inline_keyboard: [[button]] });

  it('takes callback data of 1 to 64 bytes', () => {
    expect(parseMarkup(inline({ text: 'a', callback_data: 'x'.repeat(64) }), 'private').inline).toBeDefined();
    for (const data of ['', 'x'.repeat(65), 'ж'.repeat(33)]) {
      expect(() => parseMarkup(inline({ text: 'a', callback_data: data }), 'private')).toThrow(
        'Bad Request: BUTTON_DATA_INVALID',
      );
    }
  });

  it.each([
    [inline({ text: 'a' }), 'Text buttons are unallowed'],
    [inline({ text: '', callback_data: 'x' }), 'non-empty string'],
    [inline({ text: 'a', url: 'javascript:1' }), 'is invalid'],
    [inline({ text: 'a', web_app: { url: 'http://example.org' } }), 'Only HTTPS links are allowed'],
    [{ inline_keyboard: [{ text: 'a' }] }, 'array of arrays'],
    [
      { inline_keyboard: [Array.from({ length: 101 }, () => ({ text: 'a', callback_data: 'b' }))] },
      'reply markup is too long',
    ],
    ['text', 'object expected as reply markup'],
  ])('refuses %j', (markup, reason) => {
    expect(() => parseMarkup(markup, 'private')).toThrow(reason);
  });

  it('lets only private chats ask for the phone number', () => {
    const markup = { keyboard: [[{ text: 'a', request_contact: true }]] };
    expect(parseMarkup(markup, 'private').reply?.keyboard).toEqual(markup.keyboard);
    expect(() => parseMarkup(markup, 'supergroup')).toThrow('private chats only');
  });
});
