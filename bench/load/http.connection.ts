import { connect, type Socket } from 'node:net';

export type Answered = (status: number, body: string) => void;

const headEnd = Buffer.from('\r\n\r\n');

/**
 * One keep-alive HTTP/1.1 connection with one request at a time. A parser for the few things our servers say costs a
 * fraction of a general client, so that the generator leaves the cores to what is measured.
 */
export class HttpConnection {
  private socket: Socket | null = null;
  private answered: Answered | null = null;
  private received: Buffer = Buffer.alloc(0);
  private closed = false;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: this.host, port: this.port, noDelay: true }, () => resolve());
      this.socket = socket;
      socket.on('data', (chunk) => this.receive(chunk));
      socket.on('error', reject);
      socket.on('close', () => this.lose(socket));
    });
  }

  /** Sends one request as text; `answered` gets status 0 when the connection broke before the answer. */
  send(text: string, answered: Answered): void {
    this.answered = answered;
    if (this.socket) this.socket.write(text, 'latin1');
    else this.reopen(text);
  }

  close(): void {
    this.closed = true;
    this.socket?.destroy();
  }

  private reopen(text: string): void {
    this.open().then(
      () => this.socket?.write(text, 'latin1'),
      () => this.finish(0, 'no connection'),
    );
  }

  private receive(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(headEnd);
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const length = /content-length: *([0-9]+)/i.exec(head)?.[1];
    if (length === undefined) return this.finish(0, 'an answer without a length');
    const total = end + headEnd.length + Number(length);
    if (this.received.length < total) return;
    const status = Number(head.slice(9, 12));
    const body = status >= 400 ? this.received.toString('utf8', end + headEnd.length, total) : '';
    this.received = this.received.subarray(total);
    this.finish(status, body);
  }

  private finish(status: number, body: string): void {
    const { answered } = this;
    this.answered = null;
    answered?.(status, body);
  }

  private lose(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.received = Buffer.alloc(0);
    if (!this.closed) this.finish(0, 'connection closed');
  }
}
