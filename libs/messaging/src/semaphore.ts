/** Lets a bounded number in at a time and a bounded number wait; the rest is turned away. */
export class Semaphore {
  private active = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly waitingAtMost: number,
  ) {}

  get busy(): boolean {
    return this.active > 0;
  }

  /** Resolves with false when even the waiting room is full. */
  async enter(): Promise<boolean> {
    if (this.active < this.places) {
      this.active += 1;
      return true;
    }
    if (this.waiting.length >= this.waitingAtMost) return false;
    // The place is handed over by whoever leaves, so `active` stays as it is.
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return true;
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.active -= 1;
  }
}
