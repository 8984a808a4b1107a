import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface ProcessStart {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
}

const stopAwaitedMs = 20_000;

/** A Node process of this run. Its output goes to a file, as production's goes to the container's log. */
export class BenchProcess {
  private ended = false;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.once('exit', () => (this.ended = true));
  }

  static start({ name, args, environment, logFile }: ProcessStart): BenchProcess {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [...args], { env: environment, stdio: ['ignore', log, log] });
    closeSync(log);
    return new BenchProcess(name, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return !this.ended;
  }

  /** SIGTERM, and SIGKILL for whoever does not end in time. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const exited = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), stopAwaitedMs);
    await exited;
    clearTimeout(timer);
  }
}

/** Resolves when `url` answers 200. Throws when the process ends or the time is over. */
export async function untilAnswering(started: BenchProcess, url: string, timeoutMs = 60_000): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  while (Date.now() < endsAt) {
    if (!started.isRunning) throw new Error(`${started.name} ended while it was starting`);
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${started.name} does not answer at ${url}`);
}
