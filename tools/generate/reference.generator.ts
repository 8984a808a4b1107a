import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  errorCatalogue,
  errorNames,
  eventContracts,
  eventNamesOf,
  eventQueueNames,
  requestContracts,
  type EventContract,
  type RequestContract,
} from '#contracts';
import type { Generator } from './generator.js';

type Sentences = { [key: string]: string | Sentences };

/** The reference pages of errors and messages. */
export const generator: Generator = {
  name: 'reference pages',
  async files() {
    return [
      { path: 'docs/errors.md', content: await errorsPage() },
      { path: 'docs/messages.md', content: messagesPage() },
    ];
  },
};

async function errorsPage(): Promise<string> {
  const sentences = JSON.parse(await readFile(join(process.cwd(), 'locales/en/errors.json'), 'utf8')) as Sentences;
  const rows = [...errorNames]
    .sort((left, right) => errorCatalogue[left].code - errorCatalogue[right].code)
    .map((name) => {
      const { code, status } = errorCatalogue[name];
      const repeat = 'transient' in errorCatalogue[name] ? 'yes' : 'no';
      return `| ${code} | ${status} | \`${name}\` | ${repeat} | ${sentenceOf(sentences, name)} |`;
    });
  return [
    '# Errors',
    '',
    'Generated from the error catalogue and `locales/en/errors.json` by `npm run generate`. Do not edit.',
    '',
    'Every refusal has one number, one HTTP status and one sentence in zh, en and ru. "Worth a repeat" means that the same request',
    'may succeed a moment later; every other refusal is remembered for the idempotency key.',
    '',
    '| code | HTTP | name | worth a repeat | sentence |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function sentenceOf(sentences: Sentences, name: string): string {
  const found = name.split('.').reduce<string | Sentences | undefined>((level, key) => {
    return typeof level === 'object' ? level[key] : undefined;
  }, sentences);
  return typeof found === 'string' ? found : '';
}

function messagesPage(): string {
  return [
    '# Messages',
    '',
    'Generated from `libs/contracts` by `npm run generate`. Do not edit. Their schemas are in `libs/contracts/snapshots/`.',
    '',
    '## Commands and queries',
    '',
    '| name | kind | what it does | refusals |',
    '| --- | --- | --- | --- |',
    ...requestContracts.map(requestRow).sort(),
    '',
    '## Events',
    '',
    'Every event is also an audit entry (`events.audit` hears all of them).',
    '',
    '| name | what has happened | heard by |',
    '| --- | --- | --- |',
    ...eventContracts.map(eventRow).sort(),
    '',
  ].join('\n');
}

function requestRow({ name, kind, summary, errors }: RequestContract): string {
  return `| \`${name}\` | ${kind} | ${summary} | ${errors.map((error) => `\`${error}\``).join(', ')} |`;
}

function eventRow({ name, summary }: EventContract): string {
  const readers = eventQueueNames.filter((queue) => eventNamesOf(queue).includes(name));
  return `| \`${name}\` | ${summary} | ${readers.map((queue) => `\`${queue}\``).join(', ')} |`;
}
