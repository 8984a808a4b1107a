import { describe, expect, it } from 'vitest';
import { localeOfAcceptLanguage, localeOfLanguageTag } from './locale.rules.js';

describe('the language of a person', () => {
  it.each([
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['zh-hans', 'zh'],
    ['zh_TW', 'zh'],
    ['EN-gb', 'en'],
    ['fr', 'en'],
    [null, 'en'],
    ['', 'en'],
  ])('for the tag %s is %s', (tag, locale) => {
    expect(localeOfLanguageTag(tag)).toBe(locale);
  });

  it.each([
    ['ru', 'ru'],
    ['fr, zh;q=0.5, ru;q=0.7', 'ru'],
    ['en;q=0.1, zh-CN;q=0.9', 'zh'],
    ['ru;q=0, zh;q=0.1', 'zh'],
    ['*', 'en'],
    ['nonsense;;q=x', 'en'],
    [undefined, 'en'],
  ])('for the header %s is %s', (header, locale) => {
    expect(localeOfAcceptLanguage(header)).toBe(locale);
  });
});
