import { HttpConnection, type Answered } from './http.connection.js';

interface Waiting {
  readonly text: string;
  readonly answered: Answered;
}

/** Several keep-alive connections; a request that finds none free waits its turn. */
export class ConnectionPool {
  private readonly free: HttpConnection[] = [];
  private readonly all: HttpConnection[] = [];
  private waiting: Waiting[] = [];
  private head = 0;

  static async open(host: string, port: number, connections: number): Promise<ConnectionPool> {
    const pool = new ConnectionPool();
    for (let count = 0; count < connections; count += 1) {
      const connection = new HttpConnection(host, port);
      await connection.open();
      pool.all.push(connection);
      pool.free.push(connection);
    }
    return pool;
  }

  send(text: string, answered: Answered): void {
    const connection = this.free.pop();
    if (connection) this.use(connection, { text, answered });
    else this.waiting.push({ text, answered });
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }

  private use(connection: HttpConnection, { text, answered }: Waiting): void {
    connection.send(text, (status, body) => {
      const next = this.next();
      if (next) this.use(connection, next);
      else this.free.push(connection);
      answered(status, body);
    });
  }

  private next(): Waiting | undefined {
    const next = this.waiting[this.head];
    if (next === undefined) return undefined;
    this.head += 1;
    if (this.head === this.waiting.length) {
      this.waiting = [];
      this.head = 0;
    }
    return next;
  }
}
