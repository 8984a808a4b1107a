import { createHash } from 'node:crypto';
import type { Connection } from 'mysql2';
import type { NamedLock } from './database.js';
import { MysqlSession } from './mysql.session.js';

/**
 * Takes a lock that the server holds for one connection, and frees when that connection ends for whatever reason.
 * Null when somebody else has it after `waitSeconds`.
 */
export async function takeMysqlLock(
  connection: Connection,
  name: string,
  limits: { waitSeconds: number; statementTimeoutMs: number },
): Promise<NamedLock | null> {
  // MySQL limits lock names to 64 characters.
  const fullName = `coser:${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
  connection.on('error', () => undefined);
  try {
    const session = new MysqlSession(connection, limits.waitSeconds * 1000 + limits.statementTimeoutMs);
    const [row] = await session.all<{ taken: number | null }>('SELECT GET_LOCK(?, ?) AS taken', [
      fullName,
      limits.waitSeconds,
    ]);
    if (row?.taken === 1) return new MysqlLock(connection, fullName, limits.statementTimeoutMs);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  connection.end();
  return null;
}

class MysqlLock implements NamedLock {
  private readonly session: MysqlSession;
  private released = false;

  constructor(
    private readonly connection: Connection,
    private readonly name: string,
    timeoutMs: number,
  ) {
    this.session = new MysqlSession(connection, timeoutMs);
  }

  async isHeld(): Promise<boolean> {
    if (this.released) return false;
    try {
      const [row] = await this.session.all<{ held: number | null }>(
        'SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS held',
        [this.name],
      );
      return row?.held === 1;
    } catch {
      return false;
    }
  }

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    // Ending the connection would free it too, but only a moment after this promise.
    await this.session.all('SELECT RELEASE_LOCK(?)', [this.name]).catch(() => undefined);
    this.connection.destroy();
  }
}
