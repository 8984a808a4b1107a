import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Services look at the file at most every 50 ms; after this time all of them have. */
const readByAllAfterMs = 120;

/** The platform's clock as tests move it (`CLOCK_OFFSET_FILE`). */
export class ClockFile {
  readonly path: string;

  constructor(directory: string) {
    this.path = join(directory, 'clock-offset');
    this.write(0);
  }

  /** From the moment this resolves, every service's clock shows the wall's time plus `offsetMs`. */
  async set(offsetMs: number): Promise<void> {
    this.write(offsetMs);
    await pause(readByAllAfterMs);
  }

  private write(offsetMs: number): void {
    writeFileSync(`${this.path}.new`, String(Math.trunc(offsetMs)));
    renameSync(`${this.path}.new`, this.path);
  }
}
