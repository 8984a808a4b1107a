import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A file of the repository as the checks see it. */
export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string;
  bytes: number;
  /** Empty for files that are not text. */
  text: string;
  /** The syntax tree of TypeScript and JavaScript files, else undefined. */
  tree: ts.SourceFile | undefined;
}

export interface Violation {
  path: string;
  /** Counted from 1. */
  line: number;
  rule: string;
  detail: string;
}

/** A pure function: the same file gives the same violations. */
export type Check = (file: SourceFile) => Violation[];

const CODE = /\.(?:[cm]?ts|[cm]?js)$/;
const BINARY = /\.(?:png|jpe?g|gif|ico|webp|woff2?|ttf|pdf|zip|gz|tgz)$/i;

export const isTest = (path: string): boolean => /\.(?:spec|int-spec|e2e-spec)\.ts$/.test(path);

/** Makes a file out of its path and text; only code gets a syntax tree. */
export function sourceFile(path: string, text: string, bytes = Buffer.byteLength(text)): SourceFile {
  const tree = CODE.test(path) ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) : undefined;
  return { path, text, bytes, tree };
}

/** Every file git tracks or would track (not the ignored ones), read from disk. */
export function repositoryFiles(root: string): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = [...new Set(listed.toString('utf8').split('\0'))].filter(
    (path) => path && existsSync(join(root, path)),
  );
  return paths.sort().map((path) => {
    const { size } = statSync(join(root, path));
    return sourceFile(path, BINARY.test(path) ? '' : readFileSync(join(root, path), 'utf8'), size);
  });
}

/** The line (from 1) of an offset in the text. */
export function lineAt(file: SourceFile, offset: number): number {
  return file.tree
    ? file.tree.getLineAndCharacterOfPosition(offset).line + 1
    : file.text.slice(0, offset).split('\n').length;
}

/** Calls `visit` for every node of the tree, parents first. */
export function eachNode(root: ts.Node | undefined, visit: (node: ts.Node) => void): void {
  if (!root) return;
  visit(root);
  ts.forEachChild(root, (child) => eachNode(child, visit));
}

/** Every comment of a code file with its offset, each once. */
export function comments(file: SourceFile): Array<{ text: string; offset: number }> {
  const found = new Map<number, string>();
  const collect = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(file.text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.end) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, file.text.slice(pos, end));
    for (const child of node.getChildren(file.tree)) if (!ts.isJSDoc(child)) collect(child);
  };
  if (file.tree) collect(file.tree);
  const insideText = textRanges(file);
  return [...found]
    .filter(([offset]) => !insideText.some(([start, end]) => offset > start && offset < end))
    .map(([offset, text]) => ({ offset, text }));
}

/** Where string-like literals stand: what looks like a comment in there is none. */
function textRanges(file: SourceFile): Array<[number, number]> {
  const ranges: Array<[number, number]> = [];
  eachNode(file.tree, (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node)) {
      ranges.push([node.getStart(file.tree), node.end]);
    }
  });
  return ranges;
}

/** A violation at an offset of the file. */
export function violation(file: SourceFile, offset: number, rule: string, detail: string): Violation {
  return { path: file.path, line: lineAt(file, offset), rule, detail };
}

/** One violation per match of a global pattern in the text. */
export function matches(
  file: SourceFile,
  pattern: RegExp,
  rule: string,
  detail: (match: string) => string,
): Violation[] {
  return [...file.text.matchAll(pattern)].map((match) => violation(file, match.index, rule, detail(match[0].trim())));
}
