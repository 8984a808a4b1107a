interface Waiting<Item, Result> {
  readonly item: Item;
  readonly keys: readonly string[];
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface GathererOptions<Item, Result> {
  /** Handles what waited together: one outcome for each item, in their order. */
  handle(items: readonly Item[]): Promise<PromiseSettledResult<Result>[]>;
  /** Items that share a key are never handled at the same time, neither together nor by two lanes. */
  keysOf(item: Item): readonly string[];
  readonly lanes?: number;
  readonly atMost?: number;
}

const lanesByDefault = 2;
const togetherByDefault = 32;

/**
 * Hands on together what waits at the same time. The first comer never waits for others: only while all lanes are busy does anything
 * gather, so that the batches grow with the load. How many wait is bounded by whoever calls (the requests a service takes at a time).
 */
export class CommandGatherer<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private readonly busyKeys = new Set<string>();
  private busyLanes = 0;
  private readonly lanes: number;
  private readonly atMost: number;

  constructor(private readonly options: GathererOptions<Item, Result>) {
    this.lanes = options.lanes ?? lanesByDefault;
    this.atMost = options.atMost ?? togetherByDefault;
  }

  handle(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, keys: this.options.keysOf(item), resolve, reject });
      // What arrives in the same turn of the event loop goes together.
      setImmediate(() => this.fillLanes());
    });
  }

  private fillLanes(): void {
    while (this.busyLanes < this.lanes) {
      const batch = this.take();
      if (batch.length === 0) return;
      this.busyLanes += 1;
      void this.run(batch);
    }
  }

  /** The oldest of those whose keys are free. */
  private take(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = [];
    const rest: Waiting<Item, Result>[] = [];
    for (const entry of this.waiting) {
      const isFree = batch.length < this.atMost && !entry.keys.some((key) => this.busyKeys.has(key));
      (isFree ? batch : rest).push(entry);
      if (isFree) for (const key of entry.keys) this.busyKeys.add(key);
    }
    this.waiting = rest;
    return batch;
  }

  private async run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.options.handle(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome?.reason ?? new Error('a command was handled without an outcome'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { keys } of batch) for (const key of keys) this.busyKeys.delete(key);
      this.busyLanes -= 1;
      this.fillLanes();
    }
  }
}
