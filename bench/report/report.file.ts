import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResult } from '../bench.result.js';
import { figuresText } from './figures.text.js';

const begin = '<!-- figures: written by npm run bench -->';
const end = '<!-- end of figures -->';

/** Stores the result; a standard run also renews the figures of the report, whose findings are written by people. */
export function storeResult(result: BenchResult, root: string): void {
  const directory = join(root, 'bench/results');
  mkdirSync(directory, { recursive: true });
  const name = result.plan.mode === 'standard' ? 'latest' : result.plan.mode;
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  if (result.plan.mode === 'standard') renewFigures(join(root, 'bench/REPORT.md'), figuresText(result));
}

function renewFigures(path: string, figures: string): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : `# Load report\n\n${begin}\n${end}\n`;
  const before = text.slice(0, text.indexOf(begin));
  const after = text.slice(text.indexOf(end));
  writeFileSync(path, `${before}${begin}\n\n${figures}\n${after}`);
}
