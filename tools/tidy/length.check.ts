import ts from 'typescript';
import { eachNode, isTest, type SourceFile, violation, type Violation } from './source.file.js';

/** Limits in characters and lines. */
export const limits = { line: 140, file: 250, testFile: 400, function: 70, blobBytes: 1024 * 1024 };
/** The interface's description grows with every endpoint, and its text is compressed well. */
const openApiDocument = { path: 'docs/openapi.json', bytesAtMost: 16 * 1024 * 1024 };

/** What a generator writes is as long as what it is made from; its generator is read instead. */
function isGenerated(path: string): boolean {
  return path.endsWith('.generated.ts');
}

/** Lines that need no sideways scrolling. */
export function lineLength(file: SourceFile): Violation[] {
  if (!file.tree || isGenerated(file.path)) return [];
  return file.text.split('\n').flatMap((line, index) =>
    line.length > limits.line
      ? [
          {
            path: file.path,
            line: index + 1,
            rule: 'line-length',
            detail: `${line.length} > ${limits.line} characters`,
          },
        ]
      : [],
  );
}

/** Files that are read in one go. */
export function fileLength(file: SourceFile): Violation[] {
  if (!file.tree || isGenerated(file.path)) return [];
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);
  const limit = isTest(file.path) || file.path.endsWith('.fixture.ts') ? limits.testFile : limits.file;
  return lines > limit
    ? [{ path: file.path, line: limit + 1, rule: 'file-length', detail: `${lines} > ${limit} lines` }]
    : [];
}

/** Functions that fit on a screen; a test's `describe` is a list of functions, not one. */
export function functionLength(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || isDescribe(node)) return;
    const start = node.getStart(file.tree);
    const lines = file.text.slice(start, node.end).split('\n').length;
    if (lines > limits.function)
      found.push(violation(file, start, 'function-length', `${lines} > ${limits.function} lines`));
  });
  return found;
}

function isDescribe(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node.parent) &&
    /^(?:describe|suite|on(?:EachDatabase|Mysql|Rabbit))\b/.test(node.parent.expression.getText())
  );
}

/** Large files stay in git's history for ever. */
export function blobSize(file: SourceFile): Violation[] {
  const limit = file.path === openApiDocument.path ? openApiDocument.bytesAtMost : limits.blobBytes;
  if (file.bytes <= limit) return [];
  return [{ path: file.path, line: 1, rule: 'blob-size', detail: `${file.bytes} > ${limit} bytes` }];
}
