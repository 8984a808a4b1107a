/** Real engines for tests: what suites and other tools may use. */
export { startEngine, stopEngine } from './engine.control.js';
export { engineNames, type EngineName, type EngineUrls } from './engine.types.js';
export { mailboxes, mailboxPassword } from './dovecot.config.js';
export { prometheusBinary, promtoolBinary } from './prometheus.engine.js';
