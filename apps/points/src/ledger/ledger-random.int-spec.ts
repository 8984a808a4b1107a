import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError, BalanceChanged, VerifyLedger, type OutputOf } from '#contracts';
import type { Database } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { HoldService } from './hold.service.js';
import { inspectAll } from './ledger.inspector.js';
import { LedgerService, type Account, type Posting } from './ledger.service.js';

const operationsWanted = { mysql: 100_000, sqlite: 10_000 } as const;
const workers = 12;
const members = 60;
const stepsPerTransaction = 12;
const timeoutMs = 240_000;
const metrics = new Metrics('points', { runtime: false });
const ledger = new LedgerService(metrics);
const holds = new HoldService(ledger, metrics);

/** Numbers below `limit` that a seed repeats (mulberry32). */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

class RolledBack extends Error {}

/** Lives on what it is told, and remembers what must be there afterwards. */
class Model {
  readonly holdsOf = new Map<number, number[]>();
  readonly latest = new Map<number, Account>();
  operations = 0;
  refusals = 0;
  rollbacks = 0;
  private keys = 0;

  nextKey(): string {
    this.keys += 1;
    return `random:${this.keys}`;
  }

  keep(accounts: Iterable<Account>): void {
    for (const account of accounts) {
      const known = this.latest.get(account.userId);
      if (!known || known.version < account.version) this.latest.set(account.userId, account);
    }
  }
}

/** One transaction of random steps on two locked accounts. */
class Transaction {
  readonly made: { userId: number; holdId: number }[] = [];
  operations = 0;
  refusals = 0;

  constructor(
    private readonly context: CommandContext,
    private readonly model: Model,
    private readonly pick: (limit: number) => number,
    readonly accounts: Map<number, Account>,
  ) {}

  async step(): Promise<void> {
    const ids = [...this.accounts.keys()];
    const userId = ids[this.pick(ids.length)] ?? 0;
    const other = ids.find((id) => id !== userId) ?? userId;
    try {
      await this.act(this.pick(10), userId, other);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.refusals += 1;
      this.operations += 1;
    }
  }

  private async act(kind: number, userId: number, other: number): Promise<void> {
    if (kind < 4) return this.post(userId, 1 + this.pick(40));
    if (kind < 6) return this.freeze(userId);
    if (kind < 8) return this.settle(userId, kind === 6);
    return kind === 8 ? this.move(userId, other) : this.reverse(userId);
  }

  private async post(userId: number, count: number): Promise<void> {
    // More is given than taken, and sometimes more than there is, or nothing at all.
    const postings = Array.from({ length: count }, () => this.posting(this.pick(400) - 150));
    this.set(await ledger.post(this.context, this.account(userId), postings));
    this.operations += count;
  }

  private async freeze(userId: number): Promise<void> {
    const wish = { points: this.pick(300), reference: this.model.nextKey(), reason: 'random' };
    const { hold, account } = await holds.freeze(this.context, this.account(userId), wish);
    this.set(account);
    this.made.push({ userId, holdId: hold.id });
    this.operations += 1;
  }

  private async settle(userId: number, isDebit: boolean): Promise<void> {
    const known = this.model.holdsOf.get(userId) ?? [];
    const holdId = known[known.length - 1 - this.pick(Math.min(8, known.length || 1))];
    if (holdId === undefined) return;
    const { hold } = await holds.lockHold(this.context, holdId);
    const points = this.pick(3) === 0 ? undefined : 1 + this.pick(200);
    const wish = { reason: 'random', points };
    const { key, ...posting } = { ...this.posting(0), type: 'frozen_debit' as const };
    const settled = isDebit
      ? await holds.debit(this.context, this.account(userId), hold, { ...wish, posting: { ...posting, key } })
      : await holds.release(this.context, this.account(userId), hold, wish);
    this.set(settled.account);
    this.operations += 1;
  }

  private async move(from: number, to: number): Promise<void> {
    if (from === to) return;
    const points = 1 + this.pick(200);
    const out = { ...this.posting(-points), type: 'transfer' as const };
    this.set(await ledger.post(this.context, this.account(from), [out]));
    this.set(await ledger.post(this.context, this.account(to), [{ ...this.posting(points), type: 'transfer' }]));
    this.operations += 2;
  }

  private async reverse(userId: number): Promise<void> {
    const row = await this.context.tx.one<{ id: number }>(
      `SELECT id FROM point_records WHERE user_id = ? ORDER BY id DESC LIMIT 1 OFFSET ${this.pick(20)}`,
      [userId],
    );
    if (!row) return;
    await ledger.reverse(this.context, row.id, 'random');
    this.set(await ledger.lockAccount(this.context, userId));
    this.operations += 1;
  }

  private posting(points: number): Posting {
    // Not all of what is given was earned.
    const type = this.pick(3) === 0 ? 'admin_adjust' : 'activity';
    return { type, points, description: null, key: this.model.nextKey() };
  }

  private account(userId: number): Account {
    const account = this.accounts.get(userId);
    if (!account) throw new Error(`${userId} is not locked`);
    return account;
  }

  private set(account: Account): void {
    this.accounts.set(account.userId, account);
  }
}

onEachDatabase('ledger under random operations', (engine) => {
  const seed = randomInt(2 ** 31);
  const wanted = operationsWanted[engine.dialect];
  let host: ServiceHost;
  let database: Database;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { POINTS_JOB_INTERVAL_MS: '1000' });
    database = host.service.runtime.database as Database;
  });
  afterAll(() => host.stop());

  async function work(model: Model, pick: (limit: number) => number): Promise<void> {
    const { unitOfWork } = host.service.runtime;
    while (model.operations < wanted) {
      const ids = [1 + pick(members), 1 + pick(members)];
      const isLost = pick(8) === 0;
      let done: Transaction | undefined;
      try {
        await unitOfWork?.runAs('random', async (context) => {
          done = new Transaction(context, model, pick, await ledger.lockAccounts(context, ids));
          for (let step = 0; step < stepsPerTransaction; step += 1) await done.step();
          if (isLost) throw new RolledBack();
        });
      } catch (error) {
        if (!(error instanceof RolledBack)) throw error;
        model.rollbacks += 1;
        continue;
      }
      if (!done) continue;
      model.operations += done.operations;
      model.refusals += done.refusals;
      model.keep(done.accounts.values());
      for (const { userId, holdId } of done.made) {
        const known = model.holdsOf.get(userId);
        if (known) known.push(holdId);
        else model.holdsOf.set(userId, [holdId]);
      }
    }
  }

  it(
    `P-01: keeps its promises over ${wanted} operations by ${workers} at once, seed ${seed}`,
    async () => {
      const model = new Model();
      await Promise.all(Array.from({ length: workers }, (_, index) => work(model, chance(seed + index))));
      expect(model.operations).toBeGreaterThanOrEqual(wanted);
      expect([model.refusals, model.rollbacks].every((count) => count > 0)).toBe(true);

      const wrong: unknown[] = [];
      const { imbalances } = await inspectAll(database.reader, (imbalance) => wrong.push(imbalance));
      expect([imbalances, wrong]).toEqual([0, []]);
      const negative = await database.reader.query(
        `SELECT r.id FROM point_records r WHERE r.balance_after < 0 UNION ALL
         SELECT user_id FROM point_accounts WHERE balance < 0 OR frozen < 0 OR frozen > balance`,
      );
      expect(negative).toEqual([]);
      const accounts = await database.reader.query<{
        user_id: number;
        balance: number;
        frozen: number;
        lifetime_earned: number;
        version: number;
      }>('SELECT user_id, balance, frozen, lifetime_earned, version FROM point_accounts ORDER BY user_id');
      const remembered = [...model.latest.values()].sort((left, right) => left.userId - right.userId);
      expect(accounts).toEqual(
        remembered.map(({ userId: user_id, lifetimeEarned: lifetime_earned, ...same }) => ({
          ...{ user_id, lifetime_earned },
          ...{ balance: same.balance, frozen: same.frozen, version: same.version },
        })),
      );
    },
    timeoutMs,
  );

  it(
    'P-01: has told every record by an event, and nothing that is no record',
    async () => {
      const rows = await database.reader.query<{ idempotency_key: string }>(
        'SELECT idempotency_key FROM point_records',
      );
      const keys = rows.map(({ idempotency_key }) => idempotency_key).sort();
      await eventually(
        async () => {
          const waiting = await database.reader.one<{ waiting: number | string }>(
            'SELECT COUNT(*) AS waiting FROM outbox',
          );
          expect(Number(waiting?.waiting)).toBe(0);
        },
        { timeoutMs: 60_000 },
      );
      await eventually(() => {
        const told = host
          .payloadsOf(BalanceChanged)
          .flatMap(({ records }) => records.map(({ reference }) => reference ?? ''));
        expect(told.length).toBe(keys.length);
      });
      const told = host
        .payloadsOf(BalanceChanged)
        .flatMap(({ records }) => records.map(({ reference }) => reference ?? ''));
      expect(told.sort()).toEqual(keys);
    },
    timeoutMs,
  );

  it(
    'P-01: has sealed what was posted meanwhile, with all its gaps, and every seal holds',
    async () => {
      await host.moveClock(600_000);
      const admin = memberCall(900, 'admin', { stepped_up: true });
      const newest = await database.reader.one<{ id: number }>('SELECT MAX(id) AS id FROM point_records');
      await eventually(
        async () => {
          const row = await database.reader.one<{ id: number }>('SELECT MAX(last_id) AS id FROM ledger_seals');
          expect(row?.id).toBe(newest?.id);
        },
        { timeoutMs: 60_000 },
      );
      const problems: unknown[] = [];
      for (let after: number | null = 0; after !== null;) {
        const step: OutputOf<typeof VerifyLedger> = await host.client.query(
          VerifyLedger,
          { after_seal_id: after },
          admin,
        );
        problems.push(...step.problems);
        after = step.next_after_seal_id;
      }
      expect(problems).toEqual([]);
    },
    timeoutMs,
  );
});
