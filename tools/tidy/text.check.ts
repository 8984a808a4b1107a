import ts from 'typescript';
import { eachNode, matches, type SourceFile, violation, type Violation } from './source.file.js';

/** SQL that MySQL 8, MariaDB and TiDB do not share, or that hides a conflict, with the way out. */
const FOREIGN_SQL: Array<[pattern: RegExp, advice: string]> = [
  [/\bINSERT\s+IGNORE\b/i, 'it swallows every error: upsert and look at the result'],
  [/\bSKIP\s+LOCKED\b/i, 'not a tool for correctness: claim rows by an update with a condition'],
  [/\bRETURNING\b/, 'MySQL has none: read in the same transaction'],
  [/->>/, 'write JSON_UNQUOTE(JSON_EXTRACT(...))'],
  [/\bAS\s+JSON\s*\)/, 'MariaDB cannot cast to JSON'],
  [/\bFOR\s+UPDATE\s+OF\b/, 'MariaDB has none: FOR UPDATE'],
];

/** SQL in string literals and .sql files stays in the part all engines share. */
export function portableSql(file: SourceFile): Violation[] {
  if (/\.sql$/.test(file.path)) return sqlIn(file, file.text, 0);
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) {
      found.push(...sqlIn(file, node.getText(file.tree), node.getStart(file.tree)));
    }
  });
  return found;
}

function sqlIn(file: SourceFile, text: string, offset: number): Violation[] {
  return FOREIGN_SQL.flatMap(([pattern, advice]) => {
    const match = pattern.exec(text);
    return match ? [violation(file, offset + match.index, 'portable-sql', `${match[0]}: ${advice}`)] : [];
  });
}

const HOME_PATH = /(?<![\w.~-])\/(?:home|root|work|Users)\/(?!node\b)[\w.-]+/g;

/** A path of one machine works on one machine. */
export function noMachinePaths(file: SourceFile): Violation[] {
  return matches(file, HOME_PATH, 'machine-path', (match) => `${match}: write it relative to the repository`);
}

/** Documents start with their title. */
export function markdownTitle(file: SourceFile): Violation[] {
  if (!/\.md$/.test(file.path) || /^# \S/.test(file.text)) return [];
  return [{ path: file.path, line: 1, rule: 'markdown-title', detail: 'the first line is "# Title"' }];
}

/** Tokens whose shape gives them away. */
const SECRET_SHAPES: Array<[pattern: RegExp, what: string]> = [
  [/(?<![\w-])\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])/g, 'a Telegram bot token'],
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g, 'a private key'],
  [/\bAKIA[0-9A-Z]{16}\b/g, 'an AWS key id'],
  [/\bxox[abeoprs]-[0-9A-Za-z-]{10,}/g, 'a Slack token'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}/g, 'a GitHub token'],
];

/** `password = ...`, `"secret": "..."`, `TOKEN=...`; a value in code must be quoted to be one. */
const ASSIGNED =
  /(?:passw(?:or)?d|secret|token|api_?key|credential)\w*["']?\s*[:=]\s*(["'`]?)([^\s"'`,;{}()<>$]{12,})\1/gi;

/** Bits per character above which a value looks drawn, not written. */
const ENTROPY_LIMIT = 3.6;

/** Secrets live in the environment. The value is never printed. */
export function noSecrets(file: SourceFile): Violation[] {
  if (/(?:^|\/)package-lock\.json$/.test(file.path)) return [];
  const shaped = SECRET_SHAPES.flatMap(([pattern, what]) =>
    matches(file, pattern, 'no-secrets', () => `looks like ${what}`),
  );
  const assigned = [...file.text.matchAll(ASSIGNED)]
    .filter(([, quote, value = '']) => (quote || !file.tree) && looksDrawn(value))
    .map((match) => violation(file, match.index, 'no-secrets', 'an assigned secret: read it from the environment'));
  return [...shaped, ...assigned];
}

function looksDrawn(value: string): boolean {
  return (
    /\d/.test(value) &&
    /[a-z]/i.test(value) &&
    !/^[a-z]+:\/\/|^[\w-]+(?:[./][\w-]+)+$/i.test(value) &&
    entropy(value) > ENTROPY_LIMIT
  );
}

/** Shannon entropy in bits per character. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
