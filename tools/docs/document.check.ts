import { posix } from 'node:path';

/** What the documents speak about. Paths are relative to the repository, with forward slashes. */
export interface Repository {
  readonly files: ReadonlySet<string>;
  /** The names of package.json's scripts. */
  readonly scripts: ReadonlySet<string>;
  /** Every `WORD_WITH_UNDERSCORES` that stands in the code or the configuration. */
  readonly variables: ReadonlySet<string>;
  /** The text of a document, for its headings. */
  read(path: string): string;
}

export interface Problem {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly detail: string;
}

const FENCE = /^ *```/;
const CODE_SPAN = /`([^`]+)`/g;
const LINK = /\]\(([^()\s]+)\)/g;
const ELSEWHERE = /^[a-z][a-z0-9+.-]*:/i;
/** A path from the root of the repository. With `<` or `...` in it, it is a pattern for people. */
const REPOSITORY_PATH = /^(?:\.ci|apps|libs|locales|deploy|e2e|bench|tools|docs)\/[^\s<>]*$/;
/** A file by its name alone, `points.module.ts`, `*.rules.ts`, `.env.example`. */
const FILE_NAME = /^(?:[\w.*-]+\.(?:[cm]?ts|[cm]?js|md|json|ya?ml|sh|sql)|\.env\.example|LICENSE)$/;
const SCRIPT = /\bnpm (?:run ([\w:-]+)|(start|test)\b)/g;
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** What a document names and the repository does not have: links, paths in backticks, npm scripts, variables. */
export function problemsOf(path: string, text: string, repository: Repository): Problem[] {
  let inFence = false;
  return text.split('\n').flatMap((line, index) => {
    if (FENCE.test(line)) inFence = !inFence;
    const prose = inFence ? '' : line;
    const details = [
      ...brokenLinks(path, prose.replace(CODE_SPAN, ''), repository),
      ...codeSpans(prose).flatMap((span) => brokenSpan(span, repository)),
      ...unknownScripts(line, repository),
    ];
    return details.map((detail) => ({ path, line: index + 1, detail }));
  });
}

/** The variables that the text does not name in backticks. */
export function unnamedVariables(text: string, names: Iterable<string>): string[] {
  const named = new Set(text.split('\n').flatMap(codeSpans));
  return [...names].filter((name) => !named.has(name));
}

function codeSpans(line: string): string[] {
  return [...line.matchAll(CODE_SPAN)].map(([, span = '']) => span);
}

function brokenLinks(from: string, prose: string, repository: Repository): string[] {
  return [...prose.matchAll(LINK)]
    .map(([, target = '']) => target)
    .filter((target) => !ELSEWHERE.test(target))
    .flatMap((target) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? from : posix.normalize(posix.join(posix.dirname(from), file));
      if (!exists(path, repository)) return [`link to ${target}: there is no ${path}`];
      if (anchor === undefined || !path.endsWith('.md')) return [];
      return anchorsOf(repository.read(path)).has(anchor) ? [] : [`link to ${target}: ${path} has no such heading`];
    });
}

function brokenSpan(span: string, repository: Repository): string[] {
  if (VARIABLE.test(span)) return repository.variables.has(span) ? [] : [`nothing knows the variable ${span}`];
  if (span.includes('...')) return [];
  if (REPOSITORY_PATH.test(span)) return exists(span, repository) ? [] : [`there is no ${span}`];
  if (!FILE_NAME.test(span)) return [];
  const pattern = new RegExp(`(?:^|/)${patternOf(span)}$`);
  return [...repository.files].some((file) => pattern.test(file)) ? [] : [`there is no file ${span}`];
}

function unknownScripts(line: string, { scripts }: Repository): string[] {
  return [...line.matchAll(SCRIPT)]
    .map(([, script, short]) => script ?? short ?? '')
    .filter((script) => !scripts.has(script))
    .map((script) => `package.json has no script ${script}`);
}

/** Whether a file, a folder, or something that fits a pattern with `*` is there. */
function exists(path: string, { files }: Repository): boolean {
  const wanted = path.replace(/\/$/, '');
  const pattern = new RegExp(`^${patternOf(wanted)}(?:/|$)`);
  return wanted === '.' || files.has(wanted) || [...files].some((file) => pattern.test(file));
}

function patternOf(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*');
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
