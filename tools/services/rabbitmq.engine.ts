import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import type { Engine, Ports, Workspace } from './engine.types.js';
import { readProcess, rememberProcess, startProcess, waitUntil } from './process.control.js';
import { missingPrograms, requireProgram } from './program.locator.js';
import { rabbitmqConfiguration, rabbitmqEnvironment, rabbitmqPlugins } from './rabbitmq.config.js';

const brokerStartMs = 30_000;

/** The port mapper is a process of ours too: the broker would otherwise leave one behind that nobody ends. */
async function startPortMapper(directory: string, ports: Ports): Promise<void> {
  const pidFile = join(directory, 'port-mapper.json');
  if (readProcess(pidFile) !== undefined) return;
  await startProcess({
    command: requireProgram('epmd'),
    args: ['-port', String(ports.erlangPortMapper), '-address', '127.0.0.1'],
    pidFile,
    logFile: join(directory, 'output.log'),
  });
}

/** The script runs the broker as its child; signals of tests must reach the broker itself, which writes its own id. */
async function rememberBroker(directory: string): Promise<void> {
  const pidFile = join(directory, 'process.json');
  const brokerPidFile = join(directory, 'broker.pid');
  const written = (): boolean => existsSync(brokerPidFile) && /^\d+\s*$/.test(readFileSync(brokerPidFile, 'utf8'));
  await waitUntil(() => written() || readProcess(pidFile) === undefined, brokerStartMs);
  if (!written()) throw new Error(`RabbitMQ did not start, see ${join(directory, 'output.log')}`);
  rememberProcess(pidFile, Number(readFileSync(brokerPidFile, 'utf8')));
}

async function start({ directory, ports }: Workspace): Promise<void> {
  for (const part of ['home', 'mnesia', 'log']) mkdirSync(join(directory, part), { recursive: true });
  rmSync(join(directory, 'broker.pid'), { force: true });
  writeFileSync(join(directory, 'rabbitmq.conf'), rabbitmqConfiguration(ports));
  writeFileSync(join(directory, 'enabled_plugins'), rabbitmqPlugins);
  await startPortMapper(directory, ports);
  await startProcess({
    command: requireProgram('rabbitmq-server'),
    args: [],
    directory,
    environment: { ...rabbitmqEnvironment(directory, ports), NOTIFY_SOCKET: undefined },
    pidFile: join(directory, 'process.json'),
    logFile: join(directory, 'output.log'),
  });
  await rememberBroker(directory);
}

/** RabbitMQ with management and metrics; its node name, port mapper and cookie are its own. */
export const rabbitmq: Engine = {
  name: 'rabbitmq',
  variables: ['RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL', 'RABBITMQ_PROMETHEUS_URL'],
  ports: ['amqp', 'amqpManagement', 'amqpPrometheus', 'erlangDistribution', 'erlangPortMapper'],
  packages: ['rabbitmq-server'],
  composeService: 'rabbitmq',
  pidFiles: ['process.json', 'port-mapper.json'],
  missing: () => missingPrograms(['rabbitmq-server', 'epmd']),
  urls: (ports) => ({
    RABBITMQ_URL: `amqp://coser:coser@127.0.0.1:${ports.amqp}`,
    RABBITMQ_MANAGEMENT_URL: `http://coser:coser@127.0.0.1:${ports.amqpManagement}`,
    RABBITMQ_PROMETHEUS_URL: `http://127.0.0.1:${ports.amqpPrometheus}`,
  }),
  start,
  async probe(ports) {
    const connection = await connect(rabbitmq.urls(ports)['RABBITMQ_URL'] ?? '', { timeout: 2000 });
    await connection.close();
    const credentials = Buffer.from('coser:coser').toString('base64');
    const answer = await fetch(`http://127.0.0.1:${ports.amqpManagement}/api/health/checks/local-alarms`, {
      headers: { authorization: `Basic ${credentials}` },
      signal: AbortSignal.timeout(2000),
    });
    if (!answer.ok) throw new Error(`Management answers ${answer.status}`);
  },
};
