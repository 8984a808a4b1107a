import mongoose from 'mongoose';
import type { AuditEntry } from './audit.entry.js';
import {
  AuditUnavailableError,
  idRangeOf,
  pageOf,
  type AuditFilter,
  type AuditPage,
  type AuditStore,
} from './audit.store.js';
import { pseudonymised } from './entry.eraser.js';
import { isAway, isOnlyDuplicates } from './mongo.errors.js';

type AuditDocument = Omit<AuditEntry, 'id' | 'at'> & { _id: string; at: Date };

const required = { type: String, required: true };
const anything = { type: mongoose.Schema.Types.Mixed, default: null };
const schema = new mongoose.Schema<AuditDocument>(
  {
    _id: required,
    at: { type: Date, required: true },
    service: required,
    event: required,
    actor: required,
    user_id: { type: Number, default: null },
    request_id: required,
    channel: required,
    ip: { type: String, default: null },
    before: anything,
    after: anything,
    payload: anything,
  },
  {
    collection: 'audit_entries',
    versionKey: false,
    minimize: false,
    strict: 'throw',
    autoIndex: false,
    autoCreate: false,
  },
)
  .index({ user_id: 1, _id: -1 })
  .index({ actor: 1, _id: -1 })
  .index({ event: 1, _id: -1 })
  .index({ request_id: 1 });

const connectionOptions = {
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 2_000,
  socketTimeoutMS: 10_000,
  maxPoolSize: 5,
  bufferCommands: false,
  // An acknowledged entry is in the journals of most members.
  writeConcern: { w: 'majority' as const, journal: true },
};
const changedAtOnce = 500;
const defaultDatabase = 'coser_audit';

/** Audit entries in a MongoDB collection, over a connection of its own. Documents are inserted; see `pseudonymise`. */
export class MongoAuditStore implements AuditStore {
  private readonly connection = mongoose.createConnection();
  private readonly entries = this.connection.model<AuditDocument>('AuditEntry', schema);
  private opening: Promise<void> | null = null;
  private closed = false;

  private constructor(private readonly url: string) {}

  static async open(url: string): Promise<MongoAuditStore> {
    const store = new MongoAuditStore(url);
    await store.connect().catch(() => undefined);
    return store;
  }

  async append(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.use(async () => {
      try {
        // lean: the entries are made by `auditEntryOf` alone and plain JSON, so that hydrating and checking each of them as a
        // mongoose document, half of the time an entry took, finds nothing.
        await this.entries.insertMany(entries.map(documentOf), { ordered: false, lean: true });
      } catch (error) {
        if (!isOnlyDuplicates(error)) throw error;
      }
    });
  }

  search(filter: AuditFilter): Promise<AuditPage> {
    return this.use(async () => {
      const query = this.entries.find(conditionsOf(filter)).sort({ _id: -1 });
      const documents = await query.limit(filter.limit + 1).lean<AuditDocument[]>();
      return pageOf(documents.map(entryOf), filter.limit);
    });
  }

  pseudonymise(userId: number): Promise<void> {
    return this.use(async () => {
      const about = { $or: [{ user_id: { $eq: userId } }, { actor: { $eq: `user:${userId}` } }] };
      for (let after = ''; ;) {
        const page = { $and: [about, { _id: { $gt: after } }] };
        const documents = await this.entries.find(page).sort({ _id: 1 }).limit(changedAtOnce).lean<AuditDocument[]>();
        const changes = documents.map((document) => changeOf(document, userId));
        if (changes.length > 0) await this.entries.bulkWrite(changes, { ordered: false });
        after = documents.at(-1)?._id ?? after;
        if (documents.length < changedAtOnce) return;
      }
    });
  }

  count(): Promise<number> {
    return this.use(() => this.entries.countDocuments());
  }

  async ping(): Promise<void> {
    await this.use(() => this.connection.db?.command({ ping: 1 }) ?? Promise.reject(new Error('not connected')));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.opening?.catch(() => undefined);
    await this.connection.close();
  }

  private async use<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      await this.connect();
      return await work();
    } catch (error) {
      throw isAway(error) || this.closed ? new AuditUnavailableError(error) : error;
    }
  }

  /** Once connected the driver reconnects by itself; a first attempt that failed is repeated by the next call. */
  private connect(): Promise<void> {
    if (this.closed) return Promise.reject(new Error('closed'));
    this.opening ??= this.openConnection().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async openConnection(): Promise<void> {
    // Not by URL: the address of a replica set names several hosts, which URL refuses.
    const named = /^[^/]+\/\/[^/?]+\/[^?]/.test(this.url);
    await this.connection.openUri(this.url, { ...connectionOptions, ...(!named && { dbName: defaultDatabase }) });
    await this.entries.createIndexes();
  }
}

function changeOf(document: AuditDocument, userId: number) {
  const { ip, before, after, payload } = pseudonymised(entryOf(document), userId);
  return { updateOne: { filter: { _id: document._id }, update: { $set: { ip, before, after, payload } } } };
}

function documentOf({ id, at, ...entry }: AuditEntry): AuditDocument {
  return { ...entry, _id: id, at: new Date(at) };
}

function entryOf({ _id, at, ...document }: AuditDocument): AuditEntry {
  return { ...document, id: _id, at: at.toISOString() };
}

function conditionsOf(filter: AuditFilter): mongoose.QueryFilter<AuditDocument> {
  const range = idRangeOf(filter);
  const equal = Object.entries({
    user_id: filter.user_id,
    actor: filter.actor,
    event: filter.event,
    request_id: filter.request_id,
  });
  const conditions = [
    ...equal.map(([field, value]) => (value === undefined ? null : { [field]: { $eq: value } })),
    filter.from === undefined ? null : { at: { $gte: new Date(filter.from) }, _id: { $gte: range.from } },
    filter.to === undefined ? null : { at: { $lt: new Date(filter.to) }, _id: { $lte: range.to } },
    filter.before_id === undefined ? null : { _id: { $lt: filter.before_id } },
  ].filter((condition) => condition !== null);
  return conditions.length > 0 ? { $and: conditions as mongoose.QueryFilter<AuditDocument>[] } : {};
}
