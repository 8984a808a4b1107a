import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ChannelModel } from 'amqplib';

const reconnectDelaysMs = [100, 200, 500, 1000] as const;
const heartbeatSeconds = 10;
const connectTimeoutMs = 5_000;

export interface ConnectionLog {
  warn(details: object, text: string): void;
  info(details: object, text: string): void;
}

/** Keeps one connection to RabbitMQ. After every (re)connect it runs the registered setups in order, then it counts as up. */
export class RabbitConnection {
  private model: ChannelModel | null = null;
  private ready = false;
  private closed = false;
  private readonly setups: ((model: ChannelModel) => Promise<void>)[] = [];
  private connecting: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly log: ConnectionLog,
  ) {}

  get connected(): boolean {
    return this.ready;
  }

  /** Runs `setup` now and again after each reconnect. */
  async use(setup: (model: ChannelModel) => Promise<void>): Promise<() => void> {
    await this.open();
    this.setups.push(setup);
    const forget = (): void => {
      const index = this.setups.indexOf(setup);
      if (index >= 0) this.setups.splice(index, 1);
    };
    try {
      if (this.model) await setup(this.model);
    } catch (error) {
      // Where the connection broke meanwhile, the reconnect runs this setup too.
      if (this.ready) {
        forget();
        throw error;
      }
    }
    await this.open();
    return forget;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.ready = false;
    await this.connecting;
    await this.model?.close().catch(() => undefined);
  }

  private open(): Promise<void> {
    if (this.model || this.closed) return Promise.resolve();
    this.connecting ??= this.connectUntilUp().finally(() => (this.connecting = null));
    return this.connecting;
  }

  private async connectUntilUp(): Promise<void> {
    for (let attempt = 0; !this.closed; attempt += 1) {
      try {
        return await this.connectOnce();
      } catch (error) {
        this.log.warn({ error: String(error), attempt }, 'RabbitMQ is not reachable');
        await pause(reconnectDelaysMs[Math.min(attempt, reconnectDelaysMs.length - 1)] as number);
      }
    }
  }

  private async connectOnce(): Promise<void> {
    // noDelay: amqplib's default lets a small request wait for the last one's TCP acknowledgement, up to 40 ms.
    const model = await connect(withHeartbeat(this.url), { timeout: connectTimeoutMs, noDelay: true });
    // Without a listener an error event would end the process; `close` always follows it.
    model.on('error', (error: Error) => this.log.warn({ error: String(error) }, 'RabbitMQ connection failed'));
    let gone = false;
    model.on('close', () => {
      gone = true;
      this.handleClose(model);
    });
    try {
      for (const setup of this.setups) await setup(model);
    } catch (error) {
      await model.close().catch(() => undefined);
      throw error;
    }
    if (gone) throw new Error('the connection closed while it was set up');
    if (this.closed) return void (await model.close().catch(() => undefined));
    this.model = model;
    this.ready = true;
    this.log.info({}, 'RabbitMQ connected');
  }

  private handleClose(model: ChannelModel): void {
    if (this.model !== model) return;
    this.model = null;
    this.ready = false;
    if (!this.closed) void this.open();
  }
}

/** A channel was closed by the server: start over with a fresh connection rather than live on half of one. */
export function abandon(model: ChannelModel): void {
  model.close().catch(() => undefined);
}

function withHeartbeat(url: string): string {
  const address = new URL(url);
  address.searchParams.set('heartbeat', String(heartbeatSeconds));
  return address.href;
}
