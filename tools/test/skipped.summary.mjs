/** Names the suites that a test run left out, from vitest's JSON report. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const mostLines = 60;

function isSkipped({ status }) {
  return status !== 'passed' && status !== 'failed';
}

/** Groups the tests of one file by their outermost suite. */
function groupBySuite(tests) {
  const suites = new Map();
  for (const test of tests) {
    const name = test.ancestorTitles.find((title) => title !== '') ?? test.title;
    suites.set(name, [...(suites.get(name) ?? []), test]);
  }
  return suites;
}

/** Lines such as `libs/x.int-spec.ts > on RabbitMQ: 12 tests`, for a whole file, a suite or single tests not run. */
export function skippedSuites(report, root) {
  const lines = report.testResults.flatMap(({ name, assertionResults }) => {
    const file = relative(root, name);
    const skipped = assertionResults.filter(isSkipped);
    if (skipped.length === 0) return [];
    if (skipped.length === assertionResults.length) return [`${file}: ${skipped.length} tests`];
    return [...groupBySuite(assertionResults)].flatMap(([suite, tests]) => {
      const count = tests.filter(isSkipped).length;
      const share = count === tests.length ? `${count} tests` : `${count} of ${tests.length} tests`;
      return count === 0 ? [] : [`${file} > ${suite}: ${share}`];
    });
  });
  const rest = lines.length - mostLines;
  return rest > 0 ? [...lines.slice(0, mostLines), `and ${rest} more`] : lines;
}

/** The same from a report file; empty when the run ended before it was written. */
export function readSkippedSuites(path, root) {
  return existsSync(path) ? skippedSuites(JSON.parse(readFileSync(path, 'utf8')), root) : [];
}
