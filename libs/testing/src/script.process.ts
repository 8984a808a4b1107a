import { spawn, type ChildProcess } from 'node:child_process';

/** A second process of ours under test: runs a script that may import `#libs`, and can be killed. */
export class ScriptProcess {
  private output = '';
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  /** Starts `code` (an ES module's text). What it needs to know stands in it. */
  static start(code: string): ScriptProcess {
    const options = ['--conditions=source', '--import', 'tsx', '--input-type=module', '--eval', code];
    return new ScriptProcess(spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Everything it has written so far, to both streams. */
  get text(): string {
    return this.output;
  }

  /** As the operating system does it when memory runs out: no clean-up of any kind. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
