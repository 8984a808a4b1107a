import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, Locale, LocaleTree } from './locale.rules.js';

/** The languages every text exists in. */
export const languages: readonly Language[] = ['zh', 'en', 'ru'];

/**
 * Reads `<folder>/<language>/<namespace>.json` for every language.
 * Throws when a file is no JSON object of strings and objects, or names a key twice.
 */
export function readLocales(folder: string): Record<Language, Locale> {
  const read = (language: Language): Locale => {
    const files = readdirSync(join(folder, language)).filter((file) => file.endsWith('.json'));
    return Object.fromEntries(
      files.map((file) => [file.slice(0, -'.json'.length), readTree(join(folder, language, file))]),
    );
  };
  return { zh: read('zh'), en: read('en'), ru: read('ru') };
}

function readTree(path: string): LocaleTree {
  const text = readFileSync(path, 'utf8');
  const tree: unknown = JSON.parse(text);
  if (!isTree(tree)) throw new Error(`${path}: texts are strings or objects of texts`);
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"\s*:/g)].length;
  if (written !== countKeys(tree)) throw new Error(`${path}: a key stands there twice, the later one would win`);
  return tree;
}

function isTree(value: unknown): value is LocaleTree {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((inner) => typeof inner === 'string' || isTree(inner));
}

function countKeys(tree: LocaleTree): number {
  return Object.values(tree).reduce((sum, value) => sum + 1 + (typeof value === 'object' ? countKeys(value) : 0), 0);
}
