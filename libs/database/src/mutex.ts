/** Lets one holder in at a time, in order of arrival: SQLite has one writing connection, and its transactions must not mix. */
export class Mutex {
  private tail: Promise<void> = Promise.resolve();
  private waitingNow = 0;

  get waiting(): number {
    return this.waitingNow;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.tail;
    let release!: () => void;
    this.tail = new Promise((resolve) => (release = resolve));
    this.waitingNow += 1;
    await before;
    this.waitingNow -= 1;
    try {
      return await work();
    } finally {
      release();
    }
  }
}
