import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from './expressions.js';
import { findProgram, isOlder, runProgram, versionOf } from './program.js';

const folder = join(repositoryRoot, 'deploy/alertmanager');
const amtool = findProgram('amtool');
const addresses = {
  ALERT_TELEGRAM_CHAT_ID: '-1001234567890',
  ALERT_EMAIL_TO: 'people@example.org',
  ALERT_EMAIL_FROM: 'alerts@example.org',
  ALERT_SMTP_HOST: 'mail.example.org:587',
  ALERT_SMTP_USER: 'alerts@example.org',
};

let temporary: string;
let rendered: string;

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'alertmanager-'));
  rendered = join(temporary, 'alertmanager.yml');
});
afterAll(() => rmSync(temporary, { recursive: true }));

/** Runs the container's start script with `echo` in Alertmanager's place. */
function start(environment: Record<string, string>) {
  const paths = { TEMPLATE: join(folder, 'alertmanager.yml'), RENDERED: rendered, ALERTMANAGER: '/bin/echo' };
  return runProgram('/bin/sh', [join(folder, 'start.sh'), '--storage.path=/alertmanager'], {
    ...environment,
    ...paths,
  });
}

describe('the start of Alertmanager', () => {
  it('fills in the addresses and hands over the arguments', () => {
    expect(start(addresses)).toEqual({ code: 0, output: `--config.file=${rendered} --storage.path=/alertmanager\n` });
    const text = readFileSync(rendered, 'utf8');
    for (const value of Object.values(addresses)) expect(text).toContain(value);
    expect(text).not.toMatch(/ALERT_(?:TELEGRAM|EMAIL|SMTP)|-1000000000000/);
  });

  it.each(Object.keys(addresses))('refuses to go without %s', (name) => {
    expect(start({ ...addresses, [name]: '' })).toMatchObject({ code: 1, output: expect.stringContaining(name) });
  });

  it('refuses an address that would be more than an address', () => {
    const value = 'a@example.org/;s';
    expect(start({ ...addresses, ALERT_EMAIL_TO: value })).toMatchObject({ code: 1 });
  });

  it('finds every secret in a file', () => {
    const text = readFileSync(join(folder, 'alertmanager.yml'), 'utf8');
    expect(text.match(/\b(?:bot_token|smtp_auth_password|auth_password|api_url):/g)).toBeNull();
    expect(text.match(/bot_token_file: \/run\/secrets\/\w+/g)).toHaveLength(2);
  });
});

describe.skipIf(!amtool)('amtool', () => {
  const tool = amtool ?? '';

  beforeAll(() => {
    start(addresses);
    let text = readFileSync(rendered, 'utf8').replace('/etc/alertmanager/messages.tmpl', join(folder, 'messages.tmpl'));
    // The token by file came with 0.26; everything else can be checked by older ones too.
    if (isOlder(versionOf(tool, '--version'), [0, 26, 0])) {
      text = text.replaceAll(/bot_token_file: \S+/g, 'bot_token: placeholder');
    }
    writeFileSync(rendered, text);
  });

  it('accepts the configuration and the templates', () => {
    const { code, output } = runProgram(tool, ['check-config', rendered]);
    expect(output).toContain('3 receivers');
    expect(output).toContain('1 templates');
    expect(code).toBe(0);
  });

  it.each([
    ['P0', 'p0'],
    ['P1', 'p1'],
    ['P2', 'p2'],
  ])('sends %s to %s', (severity, receiver) => {
    const { output } = runProgram(tool, [
      'config',
      'routes',
      'test',
      `--config.file=${rendered}`,
      `severity=${severity}`,
    ]);
    expect(output.split('\n')).toContain(receiver);
  });

  it.each(['coser.subject', 'coser.telegram', 'coser.text'])('renders %s', (name) => {
    const text = `{{ template "${name}" . }}`;
    const glob = `--template.glob=${join(folder, 'messages.tmpl')}`;
    const { code, output } = runProgram(tool, ['template', 'render', glob, `--template.text=${text}`]);
    expect({ code, empty: output.trim() === '' }).toEqual({ code: 0, empty: false });
  });
});
