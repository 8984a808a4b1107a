export * from './audit.entry.js';
export { openAuditStore, type AuditStoreOptions } from './audit.opener.js';
export * from './audit.store.js';
