import mysql, { type ResultSetHeader } from 'mysql2';
import type { ChangeResult, EngineSession, RowsStatement, SqlValue } from './engine.session.js';
import type { Lease, MysqlPool } from './mysql.pool.js';
import { changeOf, type BatchResult, type MysqlSession } from './mysql.session.js';
import { WaitingStatements } from './waiting.statements.js';

/**
 * One transaction on one connection. A trip to the server costs both sides more than most statements, so what nobody waits for
 * travels with what comes next: the start with the first statement, writes put off by `later` with the next one or the commit.
 */
export class MysqlTransaction implements EngineSession {
  private lease: Lease<unknown> | null = null;
  private opening: Promise<BatchResult[]> | null = null;
  private readonly waiting = new WaitingStatements();

  constructor(private readonly pool: MysqlPool) {}

  async all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    const session = await this.idleSession();
    if (session) return session.all<Row>(sql, values);
    return (await this.sendWithWaiting(mysql.format(sql, [...values]))) as Row[];
  }

  async run(sql: string, values: readonly SqlValue[], reuse?: boolean): Promise<ChangeResult> {
    const session = await this.idleSession();
    if (session) return session.run(sql, values, reuse);
    return changeOf((await this.sendWithWaiting(mysql.format(sql, [...values]))) as ResultSetHeader);
  }

  async later(sql: string, values: readonly SqlValue[]): Promise<void> {
    this.waiting.add(mysql.format(sql, [...values]));
    await this.sendWhatIsTooMuch();
  }

  async laterRows(statement: RowsStatement): Promise<void> {
    this.waiting.addRows(statement);
    await this.sendWhatIsTooMuch();
  }

  async commit(): Promise<void> {
    await this.opening;
    const rest = this.waiting.take();
    if (!this.lease && rest.length === 0) return;
    // Not together with the start: a start may be repeated on another connection, a commit may not.
    if (!this.lease) await this.open(rest.splice(0));
    const session = this.lease?.session;
    if (rest.length > 0) await session?.batch([...rest, 'COMMIT']);
    else await session?.command('COMMIT');
    this.giveBack(false);
  }

  /** Never throws: a connection on which it fails is closed, which rolls back too. */
  async rollback(): Promise<void> {
    await this.opening?.catch(() => undefined);
    const session = this.lease?.session;
    const done = await session?.command('ROLLBACK').then(
      () => true,
      () => false,
    );
    this.giveBack(done !== true);
  }

  /** The connection, when nothing waits to be sent before the next statement. */
  private async idleSession(): Promise<MysqlSession | null> {
    await this.opening;
    return this.waiting.isEmpty && this.lease ? this.lease.session : null;
  }

  private async sendWithWaiting(statement: string): Promise<BatchResult> {
    const results = await this.send([...this.waiting.take(), statement]);
    return results.at(-1) as BatchResult;
  }

  private async send(statements: string[]): Promise<BatchResult[]> {
    if (this.opening) await this.opening;
    if (!this.lease) return this.open(statements);
    return this.lease.session.batch(statements);
  }

  private open(statements: readonly string[]): Promise<BatchResult[]> {
    this.opening = this.pool
      .open((session) => begin(session, statements))
      .then((lease) => {
        this.lease = lease;
        return lease.result;
      })
      .finally(() => (this.opening = null));
    return this.opening;
  }

  private async sendWhatIsTooMuch(): Promise<void> {
    if (this.waiting.isTooMuch) await this.send(this.waiting.take());
  }

  private giveBack(broken: boolean): void {
    this.lease?.giveBack(broken);
    this.lease = null;
  }
}

/** May be repeated on another connection: nothing of it is committed. */
async function begin(session: MysqlSession, statements: readonly string[]): Promise<BatchResult[]> {
  try {
    return await session.batch(['START TRANSACTION', ...statements]);
  } catch (error) {
    // The server has refused a statement: its connection goes back without an open transaction.
    await session.command('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
