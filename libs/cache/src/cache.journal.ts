import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A value as it was written; `null` when it was deleted. */
export interface JournalEntry {
  readonly key: string;
  readonly value: string | null;
  readonly expiresAt: number;
}

type Line = [key: string, value: string | null, expiresAt: number];

const linesBeforeRewriting = 1_000;

/**
 * What the memory cache holds, as lines in a file, so that it outlives the process: each write is with the operating system
 * before it is answered. The file is written afresh when most of it is history; a last line that a crash cut off is left out.
 */
export class CacheJournal {
  private descriptor: number | null = null;
  private lines = 0;

  constructor(private readonly file: string) {}

  /** What was there when the file was written last, oldest first; an unreadable line ends it. */
  read(): JournalEntry[] {
    const entries = new Map<string, JournalEntry>();
    for (const text of this.text().split('\n')) {
      const line = parse(text);
      if (line === null) break;
      const [key, value, expiresAt] = line;
      entries.delete(key);
      if (value !== null) entries.set(key, { key, value, expiresAt });
    }
    return [...entries.values()];
  }

  /** Begins the file anew with these entries. */
  rewrite(entries: Iterable<JournalEntry>): void {
    this.close();
    mkdirSync(dirname(this.file), { recursive: true });
    const fresh = `${this.file}.new`;
    this.descriptor = openSync(fresh, 'w', 0o600);
    this.lines = 0;
    for (const entry of entries) this.append(entry);
    fsyncSync(this.descriptor);
    renameSync(fresh, this.file);
  }

  append({ key, value, expiresAt }: JournalEntry): void {
    if (this.descriptor === null) return;
    writeSync(this.descriptor, `${JSON.stringify([key, value, expiresAt] satisfies Line)}\n`);
    this.lines += 1;
  }

  /** Whether so much of it is history that it should be written afresh. */
  isLong(liveEntries: number): boolean {
    return this.lines > linesBeforeRewriting + 2 * liveEntries;
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  private text(): string {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}

function parse(text: string): Line | null {
  try {
    const line: unknown = JSON.parse(text);
    if (!Array.isArray(line)) return null;
    const [key, value, expiresAt] = line as unknown[];
    const isValue = value === null || typeof value === 'string';
    return typeof key === 'string' && isValue && typeof expiresAt === 'number' ? [key, value, expiresAt] : null;
  } catch {
    return null;
  }
}
