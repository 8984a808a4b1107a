import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface RunOptions {
  timeoutMs: number;
  directory?: string;
  environment?: NodeJS.ProcessEnv;
}

/** Runs a command without input; returns its output. Rejects with the end of its error output when it fails. */
export async function runCommand(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const running = execute(command, [...args], {
    timeout: options.timeoutMs,
    cwd: options.directory,
    env: { ...process.env, ...options.environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (error) {
    const output = String((error as { stderr?: string }).stderr ?? '').slice(-2000);
    throw new Error(`${command} ${args.join(' ')} failed: ${output || String(error)}`, { cause: error });
  }
}

/** True when the command ends with 0 within the time. */
export async function succeeds(command: string, args: readonly string[], timeoutMs: number): Promise<boolean> {
  return runCommand(command, args, { timeoutMs }).then(
    () => true,
    () => false,
  );
}
