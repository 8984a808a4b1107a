export * from './embedded.platform.js';
export * from './failure.report.js';
export * from './real.places.js';
export * from './real.platform.js';
export * from './rest.client.js';
export { hasRealEngines } from './test.environment.js';
