/**
 * A vitest reporter that writes down what failed, for the summary at the end of `npm test`: the phases print more than a
 * log of CI keeps, so that a failure of the first one is out of sight when the last one ends.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const mostFailures = 20;
const mostCharacters = 600;

/** Vitest's messages are coloured; the summary is not. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** The first lines of an error, with the place in the project where it was thrown. */
function describeError(error, root) {
  const message = `${error.name ?? 'Error'}: ${error.message ?? error}`.replace(colour, '');
  const shown = message.length > mostCharacters ? `${message.slice(0, mostCharacters)}…` : message;
  const place = (error.stacks ?? []).find(({ file }) => !file.includes('node_modules'));
  const where = place === undefined ? [] : [`at ${relative(root, place.file)}:${place.line}`];
  return [...shown.split('\n'), ...where].map((line) => `    ${line}`);
}

/** Failed tests, failed hooks and files that could not be loaded, and errors that no test caught, as lines to print. */
function failureLines(modules, unhandledErrors, root) {
  const failures = [];
  const add = (title, errors) =>
    failures.push([`  ${title}`, ...errors.flatMap((error) => describeError(error, root))]);
  for (const module of modules) {
    const file = relative(root, module.moduleId);
    if (module.errors().length > 0) add(file, module.errors());
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) add(`${file} > ${suite.fullName}`, suite.errors());
    }
    for (const test of module.children.allTests('failed'))
      add(`${file} > ${test.fullName}`, test.result().errors ?? []);
  }
  for (const error of unhandledErrors) add('an error that no test caught', [error]);
  const rest = failures.length - mostFailures;
  return [...failures.slice(0, mostFailures).flat(), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

/** Writes the lines to the file that `TEST_FAILURES_FILE` names. */
export default class FailuresReporter {
  onInit(vitest) {
    this.root = vitest.config.root;
  }

  onTestRunEnd(modules, unhandledErrors) {
    const path = process.env.TEST_FAILURES_FILE;
    if (path !== undefined) writeFileSync(path, JSON.stringify(failureLines(modules, unhandledErrors, this.root)));
  }
}
