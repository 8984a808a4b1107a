import ts from 'typescript';
import { comments, eachNode, isTest, type SourceFile, violation, type Violation } from './source.file.js';

/** `any` switches the compiler off for everything it touches. */
export function noAny(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      found.push(violation(file, node.getStart(file.tree), 'no-any', 'name the type, or take unknown and look at it'));
    }
  });
  return found;
}

/** Comments that silence a checker, and notes of unfinished work without an issue. */
export function silencingComments(file: SourceFile): Violation[] {
  return comments(file).flatMap(({ text, offset }) => {
    const at = (rule: string, detail: string) => [violation(file, offset, rule, detail)];
    if (/@ts-(?:ignore|nocheck)\b/.test(text)) return at('no-silencing', 'fix the type instead of hiding the error');
    if (/@ts-expect-error(?!\s*[:-]?\s*\S+(?:\s+\S+){2,})/.test(text)) {
      return at('no-silencing', 'say in a sentence behind it which error is expected and why');
    }
    if (/eslint-disable/.test(text)) return at('no-silencing', 'change the code or the rule for everybody');
    if (/\b(?:TODO|FIXME|XXX)\b(?![^\n]*#\d+)/.test(text))
      return at('no-loose-ends', 'write the issue number (#123) on the line, or do it');
    return [];
  });
}

const MAY_READ_ENVIRONMENT =
  /^libs\/config\/|\.env\.ts$|^(?:tools|deploy)\/|^(?:vitest|eslint)\.config\.|^e2e\/|^bench\//;

/** The environment is read and validated in one place per process. */
export function noEnvironment(file: SourceFile): Violation[] {
  if (MAY_READ_ENVIRONMENT.test(file.path)) return [];
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'env' &&
      node.expression.getText(file.tree) === 'process'
    ) {
      found.push(
        violation(
          file,
          node.getStart(file.tree),
          'no-environment',
          'declare the variable in the *.env.ts and take the value as an argument',
        ),
      );
    }
  });
  return found;
}

/** Services log through the logger, which masks personal data and adds the request id. */
export function noConsole(file: SourceFile): Violation[] {
  if (!/^(?:apps|libs)\//.test(file.path) || isTest(file.path)) return [];
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText(file.tree) === 'console') {
      found.push(violation(file, node.getStart(file.tree), 'no-console', 'use the logger'));
    }
  });
  return found;
}

const RANDOM_NAMES = new Set([
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFillSync',
  'getRandomValues',
  'webcrypto',
  'nanoid',
]);

/** Rules get time and chance as arguments: the same input gives the same decision. */
export function pureRules(file: SourceFile): Violation[] {
  if (!/\.rules\.ts$/.test(file.path)) return [];
  const found: Violation[] = [];
  eachNode(file.tree, (node) => {
    if (isImpure(node))
      found.push(
        violation(file, node.getStart(file.tree), 'pure-rules', `${node.getText(file.tree)}: take it as an argument`),
      );
  });
  return found;
}

function isImpure(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && !node.arguments?.length;
  if (ts.isCallExpression(node)) return node.expression.getText() === 'Date';
  if (ts.isPropertyAccessExpression(node)) {
    return ['Math.random', 'Date.now', 'performance.now', 'process.hrtime'].includes(node.getText());
  }
  return ts.isIdentifier(node) && RANDOM_NAMES.has(node.text);
}

const RUNNERS = /^(?:it|test|describe|suite|bench)\b/;

/** Tests all run, and wait for facts, not for time. */
export function honestTests(file: SourceFile): Violation[] {
  if (!isTest(file.path)) return [];
  const found: Violation[] = [];
  const at = (node: ts.Node, rule: string, detail: string) =>
    found.push(violation(file, node.getStart(file.tree), rule, detail));
  eachNode(file.tree, (node) => {
    if (
      ts.isPropertyAccessExpression(node) &&
      /^(?:only|skip|todo)$/.test(node.name.text) &&
      RUNNERS.test(node.expression.getText())
    ) {
      at(node, 'no-skipped-tests', `${node.getText()}: every test runs`);
    }
    if (isSleep(node)) at(node, 'no-sleep', 'wait with eventually(assertion)');
  });
  return found;
}

function isSleep(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return /timers\/promises/.test(node.moduleSpecifier.getText());
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
    return /^(?:sleep|delay)$/.test(node.expression.text);
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Promise') return false;
  const executor = node.arguments?.[0];
  if (!executor || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return false;
  const resolve = executor.parameters[0]?.name.getText();
  const body = executor.body.getText();
  return resolve !== undefined && new RegExp(String.raw`\bsetTimeout\(\s*(?:\(\s*\)\s*=>\s*)?${resolve}\b`).test(body);
}
