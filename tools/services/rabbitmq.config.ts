import { join } from 'node:path';
import type { Ports } from './engine.types.js';

/** The broker's configuration file: throw-away user with all rights, everything on 127.0.0.1, small write-ahead log. */
export function rabbitmqConfiguration(ports: Ports): string {
  return [
    `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.amqpManagement}`,
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${ports.amqpPrometheus}`,
    'default_user = coser',
    'default_pass = coser',
    'loopback_users = none',
    'disk_free_limit.absolute = 50MB',
    'vm_memory_high_watermark.absolute = 1GB',
    'raft.wal_max_size_bytes = 67108864',
    'collect_statistics_interval = 1000',
    'log.console = false',
    'log.file.level = warning',
    '',
  ].join('\n');
}

/** Plugins by name: HTTP management (virtual hosts per test) and metrics. */
export const rabbitmqPlugins = '[rabbitmq_management,rabbitmq_prometheus].\n';

/** The environment that keeps a broker inside its directory, away from any other broker of this machine. */
export function rabbitmqEnvironment(directory: string, ports: Ports): Record<string, string> {
  return {
    HOME: join(directory, 'home'),
    RABBITMQ_NODENAME: 'coser@localhost',
    RABBITMQ_BASE: directory,
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(directory, 'generated'),
    RABBITMQ_PID_FILE: join(directory, 'broker.pid'),
    RABBITMQ_DIST_PORT: String(ports.erlangDistribution),
    ERL_EPMD_PORT: String(ports.erlangPortMapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // Idle schedulers sleep instead of spinning: the machine's cores are shared with what is being tested.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}
