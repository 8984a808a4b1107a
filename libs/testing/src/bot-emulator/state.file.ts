import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A JSON file that is replaced as a whole, so that a crash leaves either the old or the new state, never a half one. */
export class StateFile {
  private writing?: Promise<void>;
  private waiting?: Promise<void>;

  constructor(
    private readonly path: string,
    private readonly snapshot: () => unknown,
  ) {}

  /** The saved state, or undefined when there is none yet. Throws when the file is not JSON. */
  async load(): Promise<unknown> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    });
    if (text === undefined) {
      return undefined;
    }
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new Error(`the emulator's state file ${this.path} is damaged; move it away to start afresh`, {
        cause: error,
      });
    }
  }

  /** Resolves once everything up to this call is on disk. Calls during a write share the next one. */
  save(): Promise<void> {
    if (this.waiting !== undefined) {
      return this.waiting;
    }
    if (this.writing === undefined) {
      return this.begin();
    }
    const next = (): Promise<void> => {
      this.waiting = undefined;
      return this.begin();
    };
    this.waiting = this.writing.then(next, next);
    return this.waiting;
  }

  /** Resolves once no write is under way or waiting; rejects if it fails. */
  async settled(): Promise<void> {
    await (this.waiting ?? this.writing);
  }

  private begin(): Promise<void> {
    this.writing = this.write().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async write(): Promise<void> {
    const text = JSON.stringify(this.snapshot());
    await mkdir(dirname(this.path), { recursive: true });
    const temporary = `${this.path}.new`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
  }
}
