interface DriverError {
  code?: string | number;
  errno?: number;
  message?: string;
  driverError?: unknown;
}

function driverErrorOf(error: unknown): DriverError {
  if (typeof error !== 'object' || error === null) return {};
  const wrapped = (error as DriverError).driverError;
  return typeof wrapped === 'object' && wrapped !== null ? (wrapped as DriverError) : (error as DriverError);
}

/** A unique index said no: the row is there already. */
export function isDuplicateKey(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return (
    code === 'ER_DUP_ENTRY' ||
    errno === 1062 ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

/** MySQL's numbers for a table, column, key or trigger that is there already, and for one to drop that is not. */
const thereAlready = new Set([1050, 1060, 1061, 1359, 1051, 1091, 1360]);

/** A change of the schema has been made before. */
export function isThereAlready(error: unknown): boolean {
  const { errno } = driverErrorOf(error);
  return errno !== undefined && thereAlready.has(errno);
}

/** True when the write was done, false when a unique index refused it; the transaction goes on either way. */
export async function unlessDuplicate(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** The engine chose this transaction as a victim; the same work may succeed at once. */
export function isLockConflict(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return (
    errno === 1213 ||
    errno === 1205 ||
    code === 'ER_LOCK_DEADLOCK' ||
    code === 'ER_LOCK_WAIT_TIMEOUT' ||
    code === 'SQLITE_BUSY'
  );
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_NORMAL_SHUTDOWN',
  'POOL_CLOSED',
  'POOL_NOCONNECTION',
]);

/** MariaDB: the connection was killed. The driver knows MySQL's numbers only and gives this one no name. */
const connectionKilled = 1927;

/** The engine is not there right now; nothing is wrong with the work itself. */
export function isConnectionProblem(error: unknown): boolean {
  const { code, errno, message } = driverErrorOf(error);
  if (errno === connectionKilled || (typeof code === 'string' && connectionCodes.has(code))) return true;
  return (
    typeof message === 'string' &&
    /closed state|connection is closed|Connection lost|Pool is closed|Queue limit reached/i.test(message)
  );
}
