import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** The directory whose `dist` is run; another one than ours when the tests are tested with a build that has a bug. */
const buildRoot = process.env['E2E_BUILD_ROOT'] ?? projectRoot;

export interface ProcessOptions {
  /** As it is called in reports, for example `points-1`. */
  name: string;
  /** The app of `dist/apps` it runs. */
  app: string;
  environment: Record<string, string>;
  /** Answers 200 once the process can work. */
  readyUrl: string;
  logDirectory: string;
  /** Called when the process ends though nobody told it to. */
  onUnexpectedEnd(reason: string): void;
}

const readyTimeoutMs = 150_000;
const probeIntervalMs = 50;
const probeTimeoutMs = 2_000;
/** Longer than a service gives itself to stop in order. */
const stopTimeoutMs = 35_000;
const tailCharacters = 6_000;

/** One process of the platform, started from the build. Its output is in a log file; one that ends by itself is reported. */
export class ManagedProcess {
  readonly logFile: string;
  private child: ChildProcess | null = null;
  private exited: Promise<void> = Promise.resolve();
  private expectEnd = false;

  constructor(private readonly options: ProcessOptions) {
    this.logFile = join(options.logDirectory, `${options.name}.log`);
  }

  get name(): string {
    return this.options.name;
  }

  get isRunning(): boolean {
    return this.child !== null;
  }

  /** Starts the process unless it runs; resolves at once, see {@link ready}. */
  spawn(): void {
    if (this.child) return;
    const { name, app, environment } = this.options;
    const entry = join(buildRoot, 'dist', 'apps', app, 'src', 'main.js');
    if (!existsSync(entry)) throw new Error(`${entry} is missing: run "npm run build" first`);
    const log = openSync(this.logFile, 'a');
    writeSync(log, `--- ${name} is started at ${new Date().toISOString()}\n`);
    // A child of its own environment: variables of the test run must not choose engines.
    const base = { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: process.env['TZ'] };
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      cwd: projectRoot,
      env: { ...base, ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    this.expectEnd = false;
    const endWithTests = (): void => void child.kill('SIGKILL');
    process.once('exit', endWithTests);
    this.exited = new Promise((finish) => {
      child.once('exit', (code, signal) => {
        process.removeListener('exit', endWithTests);
        this.child = null;
        if (!this.expectEnd) this.options.onUnexpectedEnd(`${name} ended by itself: ${signal ?? `exit code ${code}`}`);
        finish();
      });
    });
  }

  /** Resolves when it answers that it is ready. @throws when it ends before, or is not ready within 150 s. */
  async ready(): Promise<void> {
    const { name, readyUrl } = this.options;
    const deadline = performance.now() + readyTimeoutMs;
    while (this.child) {
      const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(probeTimeoutMs) }).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      if (performance.now() > deadline) throw new Error(`${name} is not ready in time\n${this.tail()}`);
      await pause(probeIntervalMs);
    }
    throw new Error(`${name} has ended before it was ready\n${this.tail()}`);
  }

  /** Sends the signal and waits for the end, which then counts as wanted. Signals that end nothing return at once. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child) return;
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return void child.kill(signal);
    this.expectEnd = true;
    child.kill(signal);
    const giveUp = new AbortController();
    const late = pause(stopTimeoutMs, 'late' as const, { signal: giveUp.signal }).catch(() => 'aborted' as const);
    const outcome = await Promise.race([this.exited, late]);
    giveUp.abort();
    if (outcome !== 'late') return;
    child.kill('SIGKILL');
    await this.exited;
    this.options.onUnexpectedEnd(`${this.name} did not end within ${stopTimeoutMs} ms of ${signal}`);
  }

  /** The end of its log. */
  tail(characters = tailCharacters): string {
    if (!existsSync(this.logFile)) return '';
    return `=== ${this.name} (${this.logFile})\n${readFileSync(this.logFile, 'utf8').slice(-characters)}`;
  }
}
