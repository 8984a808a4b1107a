import { TcpProxy } from '#testing/tcp-proxy';
import { realEngineUrls } from '../platform/test.environment.js';
import type { EngineRelays } from './real.stage.js';

export const relayedEngines = ['mysql', 'rabbitmq', 'redis', 'mongodb'] as const;
export type RelayedEngine = (typeof relayedEngines)[number];

/** A relay before each engine, so that one can be taken away from this platform alone. */
export class EngineRelay {
  private constructor(private readonly relays: ReadonlyMap<RelayedEngine, TcpProxy>) {}

  static async start(): Promise<EngineRelay> {
    const urls = realEngineUrls();
    const relays = new Map<RelayedEngine, TcpProxy>();
    for (const engine of relayedEngines) {
      const { hostname, port } = new URL(urls[engine]);
      relays.set(engine, await TcpProxy.start({ host: hostname, port: Number(port) }));
    }
    return new EngineRelay(relays);
  }

  get ports(): EngineRelays {
    return Object.fromEntries([...this.relays].map(([engine, { port }]) => [engine, port])) as EngineRelays;
  }

  takeAway(engine: RelayedEngine): void {
    this.relays.get(engine)?.refuse();
  }

  giveBack(engine: RelayedEngine): void {
    this.relays.get(engine)?.heal();
  }

  async stop(): Promise<void> {
    for (const relay of this.relays.values()) await relay.stop();
  }
}
