import type { NamedLock } from './database.js';
import { Mutex } from './mutex.js';

/** By path: what all who have opened a file in this process share. */
const files = new Map<string, SqliteFile>();

/**
 * A file as this process has it, however often it has opened it. Its transactions take turns: two connections of one process that want to
 * write at once would wait for each other with the whole process standing still, for the driver waits synchronously.
 */
export class SqliteFile {
  readonly mutex = new Mutex();
  private readonly locks = new Map<string, NamedLock & { readonly holder: object }>();
  private openings = 0;

  private constructor(private readonly path: string) {}

  static open(path: string): SqliteFile {
    const file = files.get(path) ?? new SqliteFile(path);
    files.set(path, file);
    file.openings += 1;
    return file;
  }

  /** Null when somebody in this process has the lock. */
  take(name: string, holder: object): NamedLock | null {
    if (this.locks.has(name)) return null;
    const lock = {
      holder,
      isHeld: async () => this.locks.get(name) === lock,
      release: async () => {
        if (this.locks.get(name) === lock) this.locks.delete(name);
      },
    };
    this.locks.set(name, lock);
    return lock;
  }

  /** Locks end with the connection that holds them, as on a server. */
  leave(holder: object): void {
    for (const [name, lock] of this.locks) if (lock.holder === holder) this.locks.delete(name);
    this.openings -= 1;
    if (this.openings === 0) files.delete(this.path);
  }
}
