import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A TCP relay that misbehaves on demand: between a client under test and a real server, on 127.0.0.1. */
export class TcpProxy {
  private readonly pairs = new Set<{ client: Socket; target: Socket }>();
  private stalled = false;
  private refusing = false;
  private delayMs = 0;
  /** Connections accepted so far. */
  accepted = 0;

  private constructor(
    private readonly server: Server,
    /** The port that the client connects to. */
    readonly port: number,
  ) {}

  /** Listens on a free port and relays to `target`. */
  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => proxy.relay(client, connect(target.port, target.host)));
    return proxy;
  }

  /** Closes every open connection at once with a reset; new ones are accepted. */
  cut(): void {
    for (const { client, target } of this.pairs) {
      client.resetAndDestroy();
      target.destroy();
    }
  }

  /** Keeps connections open but carries no byte any more, as a dead NAT entry does. Bytes held back are lost. */
  stall(): void {
    this.stalled = true;
  }

  /** New connections are closed at once; open ones are cut. */
  refuse(): void {
    this.refusing = true;
    this.cut();
  }

  /** Holds every chunk back for so long, both ways. */
  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Back to plain relaying for new connections; stalled ones are cut, since bytes were lost on them. */
  heal(): void {
    if (this.stalled) this.cut();
    this.stalled = false;
    this.refusing = false;
    this.delayMs = 0;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private relay(client: Socket, target: Socket): void {
    this.accepted += 1;
    const pair = { client, target };
    this.pairs.add(pair);
    for (const [source, sink] of [
      [client, target],
      [target, client],
    ] as const) {
      source.on('data', (chunk) => this.carry(chunk, sink));
      source.on('error', () => sink.destroy());
      source.on('close', () => {
        sink.destroy();
        this.pairs.delete(pair);
      });
    }
    if (this.refusing) client.resetAndDestroy();
  }

  private carry(chunk: Buffer, sink: Socket): void {
    if (this.stalled) return;
    if (this.delayMs === 0) sink.write(chunk);
    else setTimeout(() => sink.destroyed || sink.write(chunk), this.delayMs);
  }
}
