import type { AccountStanding, UserStatus } from '#contracts';
import { sqlTime, type Database, type Tx } from '#database';
import { onceDatabaseIsThere } from '../database.waiter.js';
import type { Logger } from '../logger.js';
import { StandingList } from './standing.list.js';

interface ChangeRow {
  id: number;
  user_id: number;
  status: string;
  changed_at: string;
}

const everyMs = 1_000;
const rowsPerStep = 1_000;
const stepsAtMost = 1_000;
/** Rows that commit late have a smaller id than some that were read: so far back it is looked again. */
const lookBackIds = 50;

/** Adds a change to the service's own memory of standings, in the transaction that learns of it. */
export async function recordStanding(tx: Tx, userId: number, status: UserStatus, changedAt: Date): Promise<void> {
  await tx.insert('standing_changes', { user_id: userId, status, changed_at: sqlTime(changedAt) });
}

/**
 * The standings a service refuses by (U-01): read once at start, then every second what has been added, so that no request costs
 * a query. A ban is known here a second after its event has been handled, by whichever replica.
 */
export class StandingRegister {
  private readonly list = new StandingList();
  private lastId = 0;
  private timer: NodeJS.Timeout | null = null;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  of(userId: number): AccountStanding | undefined {
    return this.list.of(userId);
  }

  async start(): Promise<void> {
    await onceDatabaseIsThere(this.logger, () => this.read());
    this.timer = setInterval(() => this.tick(), everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.reading;
  }

  private tick(): void {
    this.reading ??= this.read()
      .catch((error: unknown) => this.logger.warn({ error }, 'the standings of accounts could not be read'))
      .finally(() => (this.reading = null));
  }

  private async read(): Promise<void> {
    let after = Math.max(0, this.lastId - lookBackIds);
    for (let step = 0; step < stepsAtMost; step += 1) {
      const rows = await this.database.reader.query<ChangeRow>(
        `SELECT id, user_id, status, changed_at FROM standing_changes WHERE id > ? ORDER BY id LIMIT ${rowsPerStep}`,
        [after],
      );
      for (const { id, user_id, status, changed_at } of rows)
        this.list.learn({ userId: user_id, status, changedAt: changed_at, id });
      after = rows.at(-1)?.id ?? after;
      this.lastId = Math.max(this.lastId, after);
      if (rows.length < rowsPerStep) return;
    }
  }
}
