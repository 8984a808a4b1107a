export type { EntityTarget, MigrationInterface, QueryRunner } from 'typeorm';
export * from './database.js';
export type { ChangeResult, SqlValue } from './engine.session.js';
export { runStatements } from './migration.steps.js';
export * from './schema.words.js';
export * from './sql.errors.js';
export * from './sql.time.js';
export * from './transaction.js';
