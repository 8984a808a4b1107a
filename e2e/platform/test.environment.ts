/** Where the real engines are; `npm test` sets these. */
export interface RealEngineUrls {
  mysql: string;
  rabbitmq: string;
  rabbitmqManagement: string;
  redis: string;
  mongodb: string;
  imap: string;
}

const urls = {
  mysql: process.env['TEST_MYSQL_URL'],
  rabbitmq: process.env['TEST_RABBITMQ_URL'],
  rabbitmqManagement: process.env['TEST_RABBITMQ_MANAGEMENT_URL'],
  redis: process.env['TEST_REDIS_URL'],
  mongodb: process.env['TEST_MONGODB_URL'],
  imap: process.env['TEST_IMAP_URL'],
};

/** Whether every real engine is there; without one the suites on real engines are reported as skipped. */
export const hasRealEngines = Object.values(urls).every((url) => url !== undefined);

/** @throws when one is not set. */
export function realEngineUrls(): RealEngineUrls {
  const missing = Object.entries(urls).filter(([, url]) => url === undefined);
  if (missing.length > 0) throw new Error(`no engine for the tests: ${missing.map(([name]) => name).join(', ')}`);
  return urls as RealEngineUrls;
}
