import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.runner.js';
import {
  dovecotConfiguration,
  dovecotUserFile,
  mailboxes,
  mailboxPassword,
  type DovecotUsers,
} from './dovecot.config.js';
import type { Engine, Workspace } from './engine.types.js';
import { startProcess } from './process.control.js';
import { missingPrograms, requireProgram } from './program.locator.js';
import { socketDirectory } from './service.paths.js';
import { probeTcp } from './tcp.probe.js';

/** As root the server refuses user 0 for mail, so Debian's users serve; else everything runs as the caller. */
async function chooseUsers(isRoot: boolean): Promise<DovecotUsers> {
  if (isRoot) {
    return {
      mailUser: 'mail',
      mailGroup: 'mail',
      internalUser: 'dovecot',
      internalGroup: 'dovecot',
      loginUser: 'dovenull',
    };
  }
  const user = userInfo().username;
  const group = (await runCommand('id', ['-gn'], { timeoutMs: 5000 })).trim();
  return { mailUser: user, mailGroup: group, internalUser: user, internalGroup: group, loginUser: user };
}

async function start({ directory, ports }: Workspace): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const users = await chooseUsers(isRoot);
  const data = socketDirectory(directory, isRoot);
  for (const part of ['run', 'state', 'mail']) mkdirSync(join(data, part), { recursive: true });
  if (isRoot)
    await runCommand('chown', [`${users.mailUser}:${users.mailGroup}`, join(data, 'mail')], { timeoutMs: 5000 });
  // It is known not to run; after a kill the server itself would take the number in this file for a running one.
  rmSync(join(data, 'run', 'master.pid'), { force: true });
  writeFileSync(join(data, 'users'), dovecotUserFile());
  const configuration = join(directory, 'dovecot.conf');
  const logPath = join(directory, 'server.log');
  writeFileSync(
    configuration,
    dovecotConfiguration({ ...users, directory: data, address: '127.0.0.1', port: ports.imap, logPath }),
  );
  await startProcess({
    command: requireProgram('dovecot'),
    args: ['-F', '-c', configuration],
    pidFile: join(directory, 'process.json'),
    logFile: join(directory, 'output.log'),
  });
}

/** Dovecot as the mailbox that requests arrive in; tests deliver by APPEND. */
export const dovecot: Engine = {
  name: 'dovecot',
  variables: ['IMAP_URL'],
  ports: ['imap'],
  packages: ['dovecot-imapd'],
  composeService: 'dovecot',
  pidFiles: ['process.json'],
  missing: () => missingPrograms(['dovecot']),
  urls: (ports) => {
    const user = encodeURIComponent(mailboxes[0] ?? '');
    return { IMAP_URL: `imap://${user}:${mailboxPassword}@127.0.0.1:${ports.imap}/INBOX` };
  },
  start,
  probe: (ports) => probeTcp(ports.imap, '* OK'),
};
