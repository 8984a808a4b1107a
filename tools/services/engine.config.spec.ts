import { describe, expect, it } from 'vitest';
import { dovecotConfiguration, dovecotUserFile } from './dovecot.config.js';
import type { Ports } from './engine.types.js';
import { mariadbArguments, mariadbInitialization } from './mariadb.engine.js';
import { rabbitmqConfiguration, rabbitmqEnvironment } from './rabbitmq.config.js';

const ports: Ports = {
  mysql: 20_001,
  amqp: 20_002,
  amqpManagement: 20_003,
  amqpPrometheus: 20_004,
  erlangDistribution: 20_005,
  erlangPortMapper: 20_006,
  redis: 20_007,
  imap: 20_008,
  mongodb: 20_009,
};

describe('MariaDB settings', () => {
  const settings = mariadbArguments('/data/mariadb', '/data/mariadb/mariadb.sock', ports.mysql, 'somebody');

  it('makes commits durable and listens on this machine only', () => {
    expect(settings).toEqual(
      expect.arrayContaining([
        '--innodb-flush-log-at-trx-commit=1',
        '--bind-address=127.0.0.1',
        '--port=20001',
        '--max-connections=500',
        '--default-time-zone=+00:00',
      ]),
    );
  });

  it('ignores settings of the machine; the server insists that this comes first', () => {
    expect(settings[0]).toBe('--no-defaults');
  });

  it('gives the user every database of the platform, one statement per line', () => {
    expect(mariadbInitialization).toContain('GRANT ALL ON `coser%`.*');
    for (const line of mariadbInitialization.trim().split('\n')) expect(line).toMatch(/^[A-Z].*;$/);
  });
});

describe('RabbitMQ settings', () => {
  it('opens every listener on this machine only', () => {
    const settings = rabbitmqConfiguration(ports);
    expect(settings).toContain('listeners.tcp.default = 127.0.0.1:20002');
    expect(settings).toContain('management.tcp.ip = 127.0.0.1');
    expect(settings).toContain('prometheus.tcp.ip = 127.0.0.1');
    const environment = rabbitmqEnvironment('/data/rabbitmq', ports);
    expect(environment['ERL_EPMD_ADDRESS']).toBe('127.0.0.1');
    expect(environment['RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS']).toContain('inet_dist_use_interface {127,0,0,1}');
  });

  it('keeps every file in its own directory and every port its own', () => {
    const environment = rabbitmqEnvironment('/data/rabbitmq', ports);
    for (const name of ['HOME', 'RABBITMQ_MNESIA_BASE', 'RABBITMQ_LOG_BASE', 'RABBITMQ_PID_FILE']) {
      expect(environment[name]).toMatch(/^\/data\/rabbitmq\//);
    }
    expect(environment['ERL_EPMD_PORT']).toBe('20006');
    expect(environment['RABBITMQ_DIST_PORT']).toBe('20005');
  });
});

describe('Dovecot settings', () => {
  const settings = dovecotConfiguration({
    directory: '/data/dovecot',
    address: '127.0.0.1',
    port: ports.imap,
    logPath: '/data/dovecot/server.log',
    mailUser: 'mail',
    mailGroup: 'mail',
    internalUser: 'dovecot',
    internalGroup: 'dovecot',
    loginUser: 'dovenull',
  });

  it('closes every bracket that it opens', () => {
    const lines = settings.split('\n');
    expect(lines.filter((line) => line.endsWith('{'))).toHaveLength(lines.filter((line) => line.trim() === '}').length);
  });

  it('listens where it is told to and creates the junk folder', () => {
    expect(settings).toContain('listen = 127.0.0.1\n');
    expect(settings).toContain('    port = 20008\n');
    expect(settings).toMatch(/mailbox Junk \{\n {4}auto = create\n {4}special_use = \\Junk\n/);
  });

  it('has a mailbox for requests and four desks', () => {
    expect(dovecotUserFile().split('\n')).toEqual([
      'verify@coser.test:{PLAIN}secret::::::',
      'desk1@coser.test:{PLAIN}secret::::::',
      'desk2@coser.test:{PLAIN}secret::::::',
      'desk3@coser.test:{PLAIN}secret::::::',
      'desk4@coser.test:{PLAIN}secret::::::',
      '',
    ]);
  });
});
