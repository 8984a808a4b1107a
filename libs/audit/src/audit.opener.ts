import type { AuditStore } from './audit.store.js';
import { MongoAuditStore } from './mongo.audit.store.js';
import { SqliteAuditStore } from './sqlite.audit.store.js';

export interface AuditStoreOptions {
  /** `mongodb://user:password@host:port/name`; unset means the SQLite file. */
  mongodbUrl?: string | undefined;
  /** Where `audit.sqlite` is kept. */
  dataDirectory: string;
}

/** Opens the audit store. An unreachable MongoDB is no error here: the methods say so, and work once it is there. */
export async function openAuditStore(options: AuditStoreOptions): Promise<AuditStore> {
  const { mongodbUrl, dataDirectory } = options;
  return mongodbUrl ? MongoAuditStore.open(mongodbUrl) : new SqliteAuditStore(dataDirectory);
}
