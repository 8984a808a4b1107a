/** The texts of one namespace in one language, as its JSON file holds them. */
export interface LocaleTree {
  [key: string]: string | LocaleTree;
}

export type Language = 'zh' | 'en' | 'ru';

/** Namespace (file name without .json) -> its texts. */
export type Locale = Record<string, LocaleTree>;

/** A text, or a set of plural forms: `{ one: ..., other: ... }`, chosen by the argument `count`. */
export interface Leaf {
  forms: Record<string, string>;
  plural: boolean;
}

const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'];
const PLACEHOLDER = /\{([^{}]*)\}/g;

/** Plural forms are an object whose keys are all plural categories. */
const isPlural = (tree: LocaleTree): boolean => {
  const keys = Object.keys(tree);
  return keys.length > 0 && keys.every((key) => FORMS.includes(key) && typeof tree[key] === 'string');
};

/** Flattens a locale to `namespace.key.key` -> leaf. */
export function leaves(tree: LocaleTree, prefix = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === 'string') found.set(path, { forms: { other: value }, plural: false });
    else if (isPlural(value)) found.set(path, { forms: value as Record<string, string>, plural: true });
    else for (const [inner, leaf] of leaves(value, path)) found.set(inner, leaf);
  }
  return found;
}

/** Names of the placeholders of all forms together, sorted. */
export function placeholders(leaf: Leaf): string[] {
  const names = Object.values(leaf.forms).flatMap((text) =>
    [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''),
  );
  return [...new Set(names)].sort();
}

/** The plural categories a language tells apart: zh has other; en one, other; ru one, few, many, other. */
export function requiredForms(language: Language): string[] {
  return new Intl.PluralRules(language).resolvedOptions().pluralCategories.slice().sort();
}

/** Every problem of the three locales together, as `language key: problem`. Empty when they say the same. */
export function localeProblems(
  locales: Record<Language, Locale>,
  sameEverywhere: ReadonlySet<string> = new Set(),
): string[] {
  const flat = Object.entries(locales).map(([language, locale]) => ({
    language: language as Language,
    texts: leaves(locale),
  }));
  const keys = [...new Set(flat.flatMap(({ texts }) => [...texts.keys()]))].sort();
  const problems = flat.flatMap(({ language, texts }) =>
    keys.flatMap((key) => {
      const leaf = texts.get(key);
      const found = leaf ? leafProblems(language, leaf, sameEverywhere.has(key)) : ['is missing'];
      return found.map((problem) => `${language} ${key}: ${problem}`);
    }),
  );
  return [
    ...problems,
    ...keys.flatMap((key) =>
      disagreements(
        key,
        flat.map(({ language, texts }) => [language, texts.get(key)]),
      ),
    ),
  ];
}

function leafProblems(language: Language, leaf: Leaf, sameEverywhere: boolean): string[] {
  const problems: string[] = [];
  const given = Object.keys(leaf.forms);
  const required = leaf.plural ? requiredForms(language) : [];
  const lacking = required.filter((form) => !given.includes(form));
  if (lacking.length > 0) problems.push(`lacks the plural forms ${lacking.join(', ')}`);
  const needless = leaf.plural ? given.filter((form) => form !== 'zero' && !required.includes(form)) : [];
  if (needless.length > 0) problems.push(`has the plural forms ${needless.join(', ')}, which ${language} never uses`);
  for (const text of Object.values(leaf.forms)) problems.push(...textProblems(text));
  const foreign = !sameEverywhere && Object.values(leaf.forms).some((text) => !isWrittenIn(language, text));
  if (foreign) problems.push('is not translated (or belongs into tools/locales/same-everywhere.ts)');
  return [...new Set(problems)];
}

function textProblems(text: string): string[] {
  const problems: string[] = [];
  if (text.trim() === '') problems.push('is empty');
  if (text !== text.trim()) problems.push('begins or ends with white space');
  if (text.includes('$t(')) problems.push('nests another text by $t(), which arguments could do as well: write it out');
  const names = [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  const odd = names.filter((name) => !/^[a-z][A-Za-z0-9_]*$/.test(name));
  if (odd.length > 0 || /[{}]/.test(text.replace(PLACEHOLDER, '')))
    problems.push('has a placeholder that is no {name}');
  return problems;
}

/** Whether a text with words has words of its language; markup, links, commands and placeholders are no words. */
export function isWrittenIn(language: Language, text: string): boolean {
  const words = text
    .replace(PLACEHOLDER, '')
    .replace(/<[^>]*>/g, '')
    .replace(/https?:\/\/\S+|\S+@\S+|(?<!\w)[/@#][\w-]+/g, '');
  if (!/\p{L}/u.test(words)) return true;
  if (language === 'zh') return /\p{Script=Han}/u.test(words);
  if (language === 'ru') return /\p{Script=Cyrillic}/u.test(words);
  return /\p{Script=Latin}/u.test(words);
}

function disagreements(key: string, versions: Array<[language: Language, leaf: Leaf | undefined]>): string[] {
  const present = versions.flatMap(([language, leaf]) => (leaf ? [{ language, leaf }] : []));
  const compare = (what: string, view: (leaf: Leaf) => string): string[] => {
    const views = present.map(({ language, leaf }) => ({ language, seen: view(leaf) }));
    if (new Set(views.map(({ seen }) => seen)).size < 2) return [];
    return [`${key}: ${what} differ: ${views.map(({ language, seen }) => `${language} ${seen || 'none'}`).join(', ')}`];
  };
  const plural = compare('plural and plain texts', (leaf) => (leaf.plural ? 'plural' : 'plain'));
  return [
    ...plural,
    ...compare('placeholders', (leaf) =>
      placeholders(leaf)
        .map((name) => `{${name}}`)
        .join(' '),
    ),
  ];
}

/** Keys that the translation library would take for plural forms although they stand beside other keys. */
export function misleadingKeys(tree: LocaleTree, prefix = ''): string[] {
  const keys = Object.keys(tree);
  const mixed = isPlural(tree)
    ? []
    : keys.filter((key) => FORMS.includes(key)).map((key) => `${prefix}${key}: is a plural category among other keys`);
  const dotted = keys
    .filter((key) => !/^[a-z][a-z0-9_]*$/.test(key))
    .map((key) => `${prefix}${key}: keys are snake_case`);
  const inner = keys.flatMap((key) => {
    const value = tree[key];
    return typeof value === 'object' ? misleadingKeys(value, `${prefix}${key}.`) : [];
  });
  return [...mixed, ...dotted, ...inner];
}
