/** Names of the engines that tests can ask for. */
export const engineNames = ['mariadb', 'rabbitmq', 'redis', 'dovecot', 'mongodb', 'prometheus'] as const;
export type EngineName = (typeof engineNames)[number];

/** Every port that an engine of ours listens on; all on 127.0.0.1. */
export const portNames = [
  'mysql',
  'amqp',
  'amqpManagement',
  'amqpPrometheus',
  'erlangDistribution',
  'erlangPortMapper',
  'redis',
  'imap',
  'mongodb',
] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Record<PortName, number>;

/** Variable name (`MYSQL_URL`, ...) to value. */
export type EngineUrls = Record<string, string>;

/** Where an engine comes from: somebody else's (its variable was set), a container, or a process of ours. */
export type EngineSource = 'external' | 'docker' | 'local';

/** What `start` gets: a directory of its own and the ports of this checkout. */
export interface Workspace {
  directory: string;
  ports: Ports;
}

/** One engine: how it is found, installed, started, probed and addressed. */
export interface Engine {
  name: EngineName;
  /** Variables that, when already set, name an engine that is used and left alone; the first one decides. */
  variables: readonly string[];
  /** The ports that must be free before it starts. */
  ports: readonly PortName[];
  /** Debian packages that bring it. */
  packages: readonly string[];
  /** Service in compose.yml; absent when a container is of no use. */
  composeService?: string;
  /** True when its absence is reported by name, and is an error only when `REQUIRE_<NAME>=1`. */
  optional?: boolean;
  /** Names of the programs that it needs and that are not there; empty when it can start. */
  missing(): string[];
  /** Where it answers. */
  urls(ports: Ports): EngineUrls;
  /** Starts the process; does not wait until it answers. Absent: there is nothing to run (binaries only). */
  start?(workspace: Workspace): Promise<void>;
  /** Resolves when it answers, rejects when it does not (yet). */
  probe?(ports: Ports): Promise<void>;
  /** Pid files below its directory, in the order in which they are stopped; the first one is the engine itself. */
  pidFiles: readonly string[];
}
