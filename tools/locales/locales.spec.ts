import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languages, readLocales } from './locale.reader.js';
import {
  isWrittenIn,
  type Language,
  type LocaleTree,
  localeProblems,
  misleadingKeys,
  requiredForms,
} from './locale.rules.js';
import { sameEverywhere } from './same-everywhere.js';

const folder = resolve(import.meta.dirname, '../../locales');
const good: Record<Language, LocaleTree> = {
  zh: { hello: '你好，{name}', points: { other: '{count} 积分' } },
  en: { hello: 'Hello {name}', points: { one: '{count} point', other: '{count} points' } },
  ru: {
    hello: 'Привет, {name}',
    points: { one: '{count} балл', few: '{count} балла', many: '{count} баллов', other: '{count} балла' },
  },
};

/** Problems of the good locales after changing one of them. */
const after = (language: Language, change: LocaleTree, allowed: string[] = []) => {
  const changed = { ...good, [language]: { ...good[language], ...change } };
  return localeProblems(
    { zh: { bot: changed.zh }, en: { bot: changed.en }, ru: { bot: changed.ru } },
    new Set(allowed),
  );
};

describe('locale rules', () => {
  it('lets equal locales pass', () => expect(after('en', {})).toEqual([]));

  it('knows the plural forms of each language', () => {
    expect(requiredForms('zh')).toEqual(['other']);
    expect(requiredForms('en')).toEqual(['one', 'other']);
    expect(requiredForms('ru')).toEqual(['few', 'many', 'one', 'other']);
  });

  it.each<[why: string, language: Language, change: LocaleTree, problem: RegExp]>([
    ['a key of one language only', 'en', { extra: 'Extra' }, /^zh bot.extra: is missing/],
    [
      'another placeholder',
      'ru',
      { hello: 'Привет, {user}' },
      /bot.hello: placeholders differ: zh {name}, en {name}, ru {user}/,
    ],
    ['a lost placeholder', 'zh', { hello: '你好' }, /zh none/],
    ['an empty text', 'en', { hello: '' }, /is empty/],
    ['white space around', 'en', { hello: 'Hello {name} ' }, /white space/],
    [
      'a lacking plural form',
      'ru',
      { points: { one: '{count} балл', other: '{count} балла' } },
      /ru bot.points: lacks the plural forms few, many/,
    ],
    [
      'a plural form that is never chosen',
      'zh',
      { points: { one: '{count} 积分', other: '{count} 积分' } },
      /zh bot.points: has the plural forms one/,
    ],
    ['a plain text where others have plurals', 'en', { points: '{count} points' }, /plural and plain texts differ/],
    ['a text left in English', 'zh', { hello: 'Hello {name}' }, /zh bot.hello: is not translated/],
    ['a Russian text without Cyrillic letters', 'ru', { hello: 'Privet {name}' }, /ru bot.hello: is not translated/],
    ['a nested text', 'en', { hello: 'Hello {name} $t(bot.points)' }, /nests another text/],
    ['an odd placeholder', 'en', { hello: 'Hello {name} {0}' }, /is no {name}/],
    ['a lone brace', 'en', { hello: 'Hello {name} {' }, /is no {name}/],
  ])('fires on %s', (_why, language, change, problem) => {
    expect(after(language, change).some((line) => problem.test(line))).toBe(true);
  });

  it('lets names be the same everywhere when they are listed', () => {
    expect(after('zh', { hello: 'Telegram {name}' }, ['bot.hello'])).toEqual([]);
  });

  it.each<[Language, string, boolean]>([
    ['zh', '/start', true],
    ['zh', '<b>{name}</b> 👋', true],
    ['zh', 'https://example.org/a', true],
    ['zh', 'OK', false],
    ['zh', '用 Telegram 登录', true],
    ['ru', '{count} / {limit}', true],
    ['ru', 'Email', false],
    ['en', 'Привет', false],
    ['en', 'Hello', true],
  ])('%s: "%s" is in its language: %s', (language, text, expected) =>
    expect(isWrittenIn(language, text)).toBe(expected),
  );

  it('refuses plural categories as ordinary keys and keys that are not snake_case', () => {
    expect(misleadingKeys(good.en)).toEqual([]);
    expect(misleadingKeys({ menu: { other: 'Other', back: 'Back' } })).toEqual([
      'menu.other: is a plural category among other keys',
    ]);
    expect(misleadingKeys({ 'a.b': 'a', checkIn: 'b' })).toHaveLength(2);
  });
});

describe('reading locales', () => {
  it.each([
    ['a list', '{ "a": ["b"] }', /strings or objects/],
    ['a number', '{ "a": { "b": 3 } }', /strings or objects/],
    ['a key given twice', '{ "a": "b", "a": "c" }', /twice/],
    ['broken JSON', '{ "a": ', /JSON/],
  ])('refuses %s', async (_what, text, error) => {
    const root = await mkdtemp(join(tmpdir(), 'locales-'));
    for (const language of languages) await mkdir(join(root, language));
    await writeFile(join(root, 'en', 'bot.json'), text);
    expect(() => readLocales(root)).toThrow(error);
    await rm(root, { recursive: true });
  });
});

describe('the locales of this repository', () => {
  it('exist for every language and no other', () => {
    expect(existsSync(folder) && readdirSync(folder).sort()).toEqual([...languages].sort());
  });

  it('say the same in every language', () => {
    const locales = readLocales(folder);
    expect(Object.keys(locales.zh).length).toBeGreaterThan(0);
    expect(localeProblems(locales, sameEverywhere)).toEqual([]);
  });

  it('have keys the translation library understands', () => {
    const locales = readLocales(folder);
    expect(
      languages.flatMap((language) => misleadingKeys(locales[language]).map((problem) => `${language} ${problem}`)),
    ).toEqual([]);
  });

  it('list no name as the same everywhere that is gone', () => {
    const { en } = readLocales(folder);
    const known = (key: string) =>
      key.split('.').reduce<unknown>((tree, part) => (tree as LocaleTree | undefined)?.[part], en) !== undefined;
    expect([...sameEverywhere].filter((key) => !known(key))).toEqual([]);
  });
});
