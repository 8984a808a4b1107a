import mongoose from 'mongoose';

const { mongo } = mongoose;
const duplicateKeyCode = 11_000;
const transientLabels = ['RetryableWriteError', 'NetworkError'];

/** An unordered insert in which every refused document was there already: all entries are stored now. */
export function isOnlyDuplicates(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return false;
  const refused = [error.writeErrors].flat();
  // Stored but not yet safe on most members is no success.
  if (error.result.getWriteConcernError()) return false;
  return refused.length > 0 && refused.every(({ code }) => code === duplicateKeyCode);
}

const away = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoClientClosedError,
  mongo.MongoWriteConcernError,
  mongoose.Error.MongooseServerSelectionError,
] as const;

/** The engine is not there right now, or steps down; the same work may succeed later. */
export function isAway(error: unknown): boolean {
  if (away.some((kind) => error instanceof kind)) return true;
  // A bulk write that failed although no document was refused broke on its way; its error is the socket's.
  if (error instanceof mongo.MongoBulkWriteError && wasInterrupted(error)) return true;
  if (error instanceof mongo.MongoError && transientLabels.some((label) => error.hasErrorLabel(label))) return true;
  return error instanceof Error && 'syscall' in error;
}

function wasInterrupted(error: InstanceType<typeof mongo.MongoBulkWriteError>): boolean {
  return [error.writeErrors].flat().length === 0 || error.result.getWriteConcernError() !== undefined;
}
