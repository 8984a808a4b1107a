import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { runCommand } from './command.runner.js';
import type { Engine, Workspace } from './engine.types.js';
import { startProcess } from './process.control.js';
import { missingPrograms, requireProgram } from './program.locator.js';
import { socketDirectory } from './service.paths.js';

const programs = ['mariadbd', 'mariadb-install-db'];

/** Statements run at each start, one per line: the throw-away user owns every database named `coser...`. */
export const mariadbInitialization = [
  'CREATE DATABASE IF NOT EXISTS coser CHARACTER SET utf8mb4;',
  "CREATE USER IF NOT EXISTS 'coser'@'%' IDENTIFIED BY 'coser';",
  "GRANT ALL ON `coser%`.* TO 'coser'@'%';",
  '',
].join('\n');

/** Arguments of the server. A commit is flushed before it is answered, so that a restart may not lose one. */
export function mariadbArguments(directory: string, socket: string, port: number, user: string): string[] {
  return [
    '--no-defaults',
    `--user=${user}`,
    `--datadir=${join(directory, 'data')}`,
    `--tmpdir=${join(directory, 'temporary')}`,
    `--socket=${socket}`,
    `--pid-file=${join(directory, 'mariadbd.pid')}`,
    `--init-file=${join(directory, 'init.sql')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--skip-log-bin',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--default-time-zone=+00:00',
    '--max-connections=500',
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-buffer-pool-size=256M',
    '--innodb-log-file-size=128M',
    '--performance-schema=OFF',
  ];
}

async function start({ directory, ports }: Workspace): Promise<void> {
  const user = userInfo().username;
  mkdirSync(join(directory, 'temporary'), { recursive: true });
  writeFileSync(join(directory, 'init.sql'), mariadbInitialization);
  if (!existsSync(join(directory, 'data', 'mysql'))) {
    // An installation that was interrupted leaves a directory that the next one refuses.
    rmSync(join(directory, 'data'), { recursive: true, force: true });
    await runCommand(
      requireProgram('mariadb-install-db'),
      [
        '--no-defaults',
        `--user=${user}`,
        `--datadir=${join(directory, 'data')}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
      { timeoutMs: 120_000 },
    );
  }
  const socket = join(socketDirectory(directory, false), 'mariadb.sock');
  await startProcess({
    command: requireProgram('mariadbd'),
    args: mariadbArguments(directory, socket, ports.mysql, user),
    pidFile: join(directory, 'process.json'),
    logFile: join(directory, 'output.log'),
  });
}

/** MariaDB in place of MySQL: durable commits, UTC, 500 connections. */
export const mariadb: Engine = {
  name: 'mariadb',
  variables: ['MYSQL_URL'],
  ports: ['mysql'],
  packages: ['mariadb-server'],
  composeService: 'mariadb',
  pidFiles: ['process.json'],
  missing: () => missingPrograms(programs),
  urls: (ports) => ({ MYSQL_URL: `mysql://coser:coser@127.0.0.1:${ports.mysql}/coser` }),
  start,
  async probe(ports) {
    const connection = await createConnection({ uri: mariadb.urls(ports)['MYSQL_URL'] ?? '', connectTimeout: 2000 });
    await connection.query('SELECT 1');
    await connection.end();
  },
};
