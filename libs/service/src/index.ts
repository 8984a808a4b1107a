export * from './clock.js';
export * from './health.js';
export { createLogger as systemLogger, nestLogger, type Logger } from './logger.js';
export * from './metrics.js';
export * from './operations.server.js';
export * from './run.process.js';
export * from './runtime.js';
export * from './service.definition.js';
export * from './start.service.js';
