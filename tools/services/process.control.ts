import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that we started. `startTicks` tells it from a later process with the same id (Linux only, else empty). */
export interface ProcessRecord {
  pid: number;
  startTicks: string;
}

export interface StartOptions {
  command: string;
  args: readonly string[];
  pidFile: string;
  logFile: string;
  directory?: string;
  environment?: NodeJS.ProcessEnv;
}

const pollMs = 50;

/** State letter and start time from /proc; undefined when the process is gone, `'?'` where there is no /proc. */
function inspect(pid: number): { state: string; startTicks: string } | undefined {
  if (!existsSync('/proc/self/stat')) {
    try {
      process.kill(pid, 0);
      return { state: '?', startTicks: '' };
    } catch {
      return undefined;
    }
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '?', startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Remembers a running process in a pid file. */
export function rememberProcess(pidFile: string, pid: number): void {
  writeFileSync(pidFile, JSON.stringify({ pid, startTicks: inspect(pid)?.startTicks ?? '' } satisfies ProcessRecord));
}

/** The process of a pid file if it is alive and still the one that was started; a zombie counts as gone. */
export function readProcess(pidFile: string): ProcessRecord | undefined {
  if (!existsSync(pidFile)) return undefined;
  const record = JSON.parse(readFileSync(pidFile, 'utf8')) as ProcessRecord;
  const found = inspect(record.pid);
  const same = found !== undefined && found.state !== 'Z' && found.startTicks === record.startTicks;
  return same ? record : undefined;
}

/** Starts a process that outlives this one; output goes to the log file. Rejects when the program cannot be run. */
export async function startProcess(options: StartOptions): Promise<void> {
  const log = openSync(options.logFile, 'a');
  try {
    const child = spawn(options.command, [...options.args], {
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    if (child.pid === undefined) throw new Error(`${options.command} has no process id`);
    rememberProcess(options.pidFile, child.pid);
    child.unref();
  } finally {
    closeSync(log);
  }
}

/** Repeats `check` until it is true. Returns false when it was not within the time. */
export async function waitUntil(check: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await check()) return true;
    if (Date.now() >= deadline) return false;
    await delay(pollMs);
  }
}

/**
 * Signals the process of a pid file and waits until it is gone; SIGKILL follows when it stays. Nothing happens when it
 * does not run. Signals that do not end a process (SIGSTOP, SIGCONT) return at once.
 */
export async function stopProcess(pidFile: string, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  const record = readProcess(pidFile);
  if (record !== undefined) {
    process.kill(record.pid, signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
    const gone = (): boolean => readProcess(pidFile) === undefined;
    if (!(await waitUntil(gone, timeoutMs))) {
      process.kill(record.pid, 'SIGKILL');
      if (!(await waitUntil(gone, timeoutMs))) throw new Error(`Process ${record.pid} cannot be ended (${pidFile})`);
    }
  }
  rmSync(pidFile, { force: true });
}
