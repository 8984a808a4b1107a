import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, succeeds } from './command.runner.js';
import { dovecotConfiguration, dovecotUserFile } from './dovecot.config.js';
import type { Ports } from './engine.types.js';
import { mariadbInitialization } from './mariadb.engine.js';
import { findProgram } from './program.locator.js';
import { projectRoot, servicesPath } from './service.paths.js';

const project = 'coser-test';
const composeFile = join(projectRoot, 'tools/services/compose.yml');
const answerMs = 3000;
const startMs = 600_000;
const imapPort = 31143;

/** True when a docker engine answers and can read compose files. */
export async function isDockerAvailable(): Promise<boolean> {
  const docker = findProgram('docker');
  if (docker === undefined) return false;
  if (!(await succeeds(docker, ['info', '--format', '{{.ServerVersion}}'], answerMs))) return false;
  return succeeds(docker, ['compose', 'version'], answerMs);
}

/** Variables of compose.yml. */
export function composeEnvironment(ports: Ports, directory: string): Record<string, string> {
  return {
    SERVICES_FILES: directory,
    MYSQL_PORT: String(ports.mysql),
    AMQP_PORT: String(ports.amqp),
    AMQP_MANAGEMENT_PORT: String(ports.amqpManagement),
    AMQP_PROMETHEUS_PORT: String(ports.amqpPrometheus),
    REDIS_PORT: String(ports.redis),
    IMAP_PORT: String(ports.imap),
    MONGODB_PORT: String(ports.mongodb),
  };
}

/** Files that the containers mount. */
function writeMountedFiles(directory: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'mariadb.sql'), mariadbInitialization);
  writeFileSync(join(directory, 'users'), dovecotUserFile());
  const configuration = dovecotConfiguration({
    directory: '/srv/dovecot',
    address: '*',
    port: imapPort,
    logPath: '/dev/stderr',
    mailUser: 'vmail',
    mailGroup: 'vmail',
    internalUser: 'dovecot',
    internalGroup: 'dovecot',
    loginUser: 'dovenull',
  });
  writeFileSync(join(directory, 'dovecot.conf'), configuration);
}

/** Runs one compose command on the project of the tests. */
export async function runCompose(args: readonly string[], ports: Ports): Promise<void> {
  const directory = servicesPath('docker');
  writeMountedFiles(directory);
  await runCommand('docker', ['compose', '-p', project, '-f', composeFile, ...args], {
    timeoutMs: startMs,
    environment: composeEnvironment(ports, directory),
  });
}
