/** More than this is not queued: whoever sends it shall come again. */
const waitingAtMost = 1_000;
const runningAtMost = 32;

/** Runs tasks of one lane in order, one at a time; of all lanes together at most 32 at once. */
export class LaneWorker {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly turns: (() => void)[] = [];
  private running = 0;
  private pending = 0;

  /** Undefined when there is no room. Settles as the task does. */
  run(lane: string, task: () => Promise<void>): Promise<void> | undefined {
    if (this.pending >= waitingAtMost) return undefined;
    this.pending += 1;
    const before = this.tails.get(lane) ?? Promise.resolve();
    const work = before.then(() => this.inTurn(task));
    const tail: Promise<void> = work.then(
      () => this.leave(lane, tail),
      () => this.leave(lane, tail),
    );
    this.tails.set(lane, tail);
    return work;
  }

  /** Resolves when nothing is left. */
  async drain(): Promise<void> {
    while (this.tails.size > 0) await Promise.all(this.tails.values());
  }

  private leave(lane: string, tail: Promise<void>): void {
    this.pending -= 1;
    if (this.tails.get(lane) === tail) this.tails.delete(lane);
  }

  private async inTurn(task: () => Promise<void>): Promise<void> {
    if (this.running >= runningAtMost) await new Promise<void>((resolve) => this.turns.push(resolve));
    else this.running += 1;
    try {
      await task();
    } finally {
      // The place goes to the next in line without becoming free in between.
      const next = this.turns.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
