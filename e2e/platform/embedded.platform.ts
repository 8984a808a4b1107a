import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BotEmulator } from '#testing';
import { startStandalone, type RunningStandalone } from '../../apps/standalone/src/standalone.js';
import { ClockFile } from './clock.file.js';
import { reservePorts } from '#testing/reserved.ports';
import { ManagedProcess } from './managed.process.js';
import { RestClient } from './rest.client.js';

export interface EmbeddedOptions {
  /** Runs it in the test's own process, so that the emulator can be driven directly. Default: as a process, from the build. */
  inProcess?: boolean;
  environment?: Record<string, string>;
}

/** What `npm start` runs, with a data directory and ports of its own. */
export interface EmbeddedPlatform {
  readonly baseUrl: string;
  readonly chatUrl: string;
  readonly dataDirectory: string;
  /** A client that is not signed in. */
  readonly client: RestClient;
  /** The emulated Telegram of now (a restart makes a new one). @throws when the platform is a process of its own. */
  readonly emulator: BotEmulator;
  clockOffset(offsetMs: number): Promise<void>;
  /** Ends it with the signal (in-process: in order) and starts it again on the same data and ports. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes its data. @throws when a process has ended by itself before. */
  stop(): Promise<void>;
  logs(): string;
}

/** Starts the standalone on the embedded parts and resolves when it is ready. */
export async function startEmbeddedPlatform(options: EmbeddedOptions = {}): Promise<EmbeddedPlatform> {
  const directory = mkdtempSync(join(tmpdir(), 'coser-embedded-'));
  const [port, chatPort] = (await reservePorts(2)) as [number, number];
  const clock = new ClockFile(directory);
  const place: Place = {
    directory,
    clock,
    baseUrl: `http://127.0.0.1:${port}`,
    chatUrl: `http://127.0.0.1:${chatPort}`,
    environment: {
      PORT: String(port),
      CHAT_PORT: String(chatPort),
      DATA_DIR: join(directory, 'data'),
      CLOCK_OFFSET_FILE: clock.path,
      LOG_LEVEL: options.inProcess ? 'silent' : 'info',
      RATE_LIMIT_PER_IP_PER_MINUTE: '1000000',
      RATE_LIMIT_PER_USER_PER_MINUTE: '1000000',
      ...options.environment,
    },
  };
  return options.inProcess ? startInProcess(place) : startAsProcess(place);
}

interface Place {
  directory: string;
  clock: ClockFile;
  baseUrl: string;
  chatUrl: string;
  environment: Record<string, string>;
}

function commonParts({ directory, clock, baseUrl, chatUrl, environment }: Place) {
  return {
    baseUrl,
    chatUrl,
    dataDirectory: environment['DATA_DIR'] as string,
    client: new RestClient(baseUrl),
    clockOffset: (offsetMs: number) => clock.set(offsetMs),
    removeData: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function startInProcess(place: Place): Promise<EmbeddedPlatform> {
  const { removeData, ...parts } = commonParts(place);
  let running: RunningStandalone = await startStandalone(place.environment);
  return {
    ...parts,
    get emulator() {
      if (!running.emulator) throw new Error('a bot token was given: there is no emulated Telegram');
      return running.emulator;
    },
    async restart() {
      await running.stop();
      running = await startStandalone(place.environment);
    },
    async stop() {
      await running.stop();
      removeData();
    },
    logs: () => 'the platform ran in the test process',
  };
}

async function startAsProcess(place: Place): Promise<EmbeddedPlatform> {
  const { removeData, ...parts } = commonParts(place);
  const failures: string[] = [];
  const standalone = new ManagedProcess({
    name: 'standalone',
    app: 'standalone',
    environment: place.environment,
    readyUrl: `${place.baseUrl}/health/ready`,
    logDirectory: place.directory,
    onUnexpectedEnd: (reason) => failures.push(reason),
  });
  standalone.spawn();
  await standalone.ready();
  return {
    ...parts,
    get emulator(): never {
      throw new Error('the platform is a process of its own: start it with inProcess, or use chatUrl');
    },
    async restart(signal = 'SIGTERM') {
      await standalone.signal(signal);
      standalone.spawn();
      await standalone.ready();
    },
    async stop() {
      await standalone.signal('SIGTERM');
      if (failures.length > 0) throw new Error(`${failures.join('\n')}\n${standalone.tail()}`);
      removeData();
    },
    logs: () => standalone.tail(),
  };
}
