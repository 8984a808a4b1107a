import { afterAll, describe } from 'vitest';
import { embeddedDatabase, mysqlDatabase, type DatabaseEngine } from './database.engines.js';
import { testEnvironment } from './engines.env.js';
import { RabbitHost } from './rabbit.host.js';

export type { DatabaseEngine, DatabasePlace } from './database.engines.js';
export { RabbitHost } from './rabbit.host.js';

/**
 * Runs one suite on SQLite and on MySQL. Each run has a place of its own, which is gone after it. Without TEST_MYSQL_URL
 * the MySQL half is reported as skipped, by name.
 */
export function onEachDatabase(title: string, suite: (engine: DatabaseEngine) => void): void {
  describe(`${title} on SQLite`, () => {
    const engine = embeddedDatabase();
    afterAll(() => engine.remove());
    suite(engine);
  });
  onMysql(title, suite);
}

/** Runs a suite that only MySQL can answer: connections that die, row locks. */
export function onMysql(title: string, suite: (engine: DatabaseEngine) => void): void {
  const { mysqlUrl } = testEnvironment;
  describe.runIf(mysqlUrl)(`${title} on MySQL`, () => {
    const engine = mysqlDatabase(mysqlUrl ?? 'mysql://unset');
    afterAll(() => engine.remove());
    suite(engine);
  });
}

/** Runs a suite on RabbitMQ with a virtual host of its own; skipped by name without the TEST_RABBITMQ_* addresses. */
export function onRabbit(title: string, suite: (host: RabbitHost) => void): void {
  const host = RabbitHost.fromEnvironment();
  describe.runIf(host.isThere)(`${title} on RabbitMQ`, () => {
    afterAll(() => host.remove());
    suite(host);
  });
}
