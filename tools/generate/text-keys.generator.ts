import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generator } from './generator.js';

const pluralForms = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

type Translations = { [key: string]: string | Translations };

/** The typed keys of `locales/en` with the parameters each sentence takes, so that a wrong key or parameter does not compile. */
export const generator: Generator = {
  name: 'text keys',
  async files() {
    const folder = join(process.cwd(), 'locales', 'en');
    const lines: string[] = [];
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()) {
      const translations = JSON.parse(await readFile(join(folder, file), 'utf8')) as Translations;
      collect(file.replace(/\.json$/, ''), translations, lines);
    }
    const content = [
      '// Generated from locales/en by `npm run generate`. Do not edit.',
      '',
      '/** Every sentence and the parameters it takes. */',
      'export interface TextParams {',
      ...lines,
      '}',
      '',
      'export type TextKey = keyof TextParams;',
      '',
    ].join('\n');
    return [{ path: 'libs/i18n/src/text.keys.generated.ts', content }];
  },
};

function collect(prefix: string, translations: Translations, lines: string[]): void {
  for (const [key, value] of Object.entries(translations)) {
    const path = `${prefix}.${key}`;
    if (typeof value === 'string') lines.push(line(path, [value]));
    else if (isPlural(value)) lines.push(line(path, Object.values(value) as string[], true));
    else collect(path, value, lines);
  }
}

function isPlural(value: Translations): boolean {
  return 'other' in value && Object.keys(value).every((key) => pluralForms.has(key));
}

function line(path: string, sentences: string[], plural = false): string {
  const names = new Set(
    sentences.flatMap((sentence) => [...sentence.matchAll(/\{([a-zA-Z_]+)\}/g)].map((match) => match[1] as string)),
  );
  if (plural) names.add('count');
  const params = [...names].sort().map((name) => `${name}: ${name === 'count' ? 'number' : 'string | number'}`);
  return `  '${path}': { ${params.join('; ')} };`.replace('{  }', '{}');
}
