import ts from 'typescript';
import { eachNode, type SourceFile, violation, type Violation } from './source.file.js';

/** Abbreviations, wherever they stand in a name (`dbPool`), with the word to write. */
const ABBREVIATIONS: Record<string, string> = {
  ctx: 'context',
  msg: 'message',
  req: 'request',
  res: 'response, result',
  cfg: 'config',
  db: 'database',
  mgr: 'manager',
};

/** Names that say nothing about what is inside. */
const EMPTY_WORDS = new Set(['utils', 'util', 'helper', 'helpers', 'misc', 'common']);

/** The roles a file of a service may have: they say which layer it is. A new role is added here, with a word why. */
export const SERVICE_ROLES = new Set(
  [
    // wiring, and the three layers: decide, store, handle
    'module env rules entity service store parts migration migrations',
    // work that starts by itself: queues, clocks, mailboxes
    'sender relay consumer job listener source worker recorder client inspector resolver seeder reconciler writer pacer issuer',
    // the edge: REST and bot
    'controller feature guard filter pipe interceptor decorator keyboard scene format document schema schemas view',
    'application call observer counter text data order webhook',
    // what a test needs
    'spec int-spec e2e-spec fixture scenario',
    // plain declarations
    'types options metrics errors',
  ].flatMap((line) => line.split(' ')),
);

/** `check-in`, `0001-create-ledger`. */
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** `migrations/1700000000100-ledger-and-check-ins.ts` */
const MIGRATION = /\/migrations\/[0-9]{13}-[a-z0-9-]+\.ts$/;
const CODE_FOLDERS = /^(?:apps|libs|e2e|bench|tools)\//;

/** In services a file is `noun.role.ts` with a known role; elsewhere the role is free and may be left out. */
export function fileName(file: SourceFile): Violation[] {
  const name = file.path.split('/').at(-1) ?? '';
  if (!CODE_FOLDERS.test(file.path) || !name.endsWith('.ts')) return [];
  const parts = name.replace(/(?:\.d)?\.ts$/, '').split('.');
  const at = (detail: string) => [{ path: file.path, line: 1, rule: 'file-name', detail }];
  const odd = parts.find((part) => !KEBAB.test(part));
  if (odd !== undefined) return at(`"${odd}" is not kebab-case`);
  if (!file.path.startsWith('apps/') || name === 'main.ts') return [];
  const unknown = parts.slice(1).find((part) => !SERVICE_ROLES.has(part));
  if (parts.length === 1 && (MIGRATION.test(file.path) || isWholeApp(file.path))) return [];
  if (parts.length === 1) return at('a file of a service is named noun.role.ts');
  return unknown === undefined ? [] : at(`"${unknown}" is no known role; roles are listed in tools/tidy/name.check.ts`);
}

/** The standalone is an app made of the others; its one file of substance is named after it. */
function isWholeApp(path: string): boolean {
  return path === 'apps/standalone/src/standalone.ts';
}

/** Folders and files are named after what is in them. */
export function pathWords(file: SourceFile): Violation[] {
  if (!CODE_FOLDERS.test(file.path)) return [];
  return file.path
    .split(/[/.-]/)
    .map((word) => advice(word.toLowerCase()))
    .flatMap((detail) => (detail ? [{ path: file.path, line: 1, rule: 'path-word', detail }] : []));
}

/** Names that a declaration introduces are whole words. */
export function identifierWords(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    const name = declaredName(node);
    if (!name) return;
    const words = name.text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z0-9]+/);
    const detail = words.length === 1 ? advice(words[0] ?? '') : words.map(abbreviation).find((text) => text);
    if (detail) found.push(violation(file, name.getStart(file.tree), 'identifier-word', `${name.text}: ${detail}`));
  });
  return found;
}

function abbreviation(word: string): string | undefined {
  return Object.hasOwn(ABBREVIATIONS, word) ? `"${word}" is an abbreviation: write ${ABBREVIATIONS[word]}` : undefined;
}

function advice(word: string): string | undefined {
  return EMPTY_WORDS.has(word) ? `"${word}" says nothing: name what it does` : abbreviation(word);
}

/** The identifier a node declares; imported names are the other side's choice unless renamed here. */
function declaredName(node: ts.Node): ts.Identifier | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node) ||
    (ts.isImportSpecifier(node) && node.propertyName !== undefined);
  if (!declares) return undefined;
  const name = (node as ts.NamedDeclaration).name;
  return name && ts.isIdentifier(name) ? name : undefined;
}
