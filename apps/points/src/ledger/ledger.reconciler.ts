import { Injectable } from '@nestjs/common';
import { LedgerImbalanceFound, LedgerSealed } from '#contracts';
import { Database, isDuplicateKey, placeholders, sqlTime } from '#database';
import { UnitOfWork, type Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, JobRunner, Metrics, type Logger } from '#service';
import type { PointsSettings } from '../points.env.js';
import { inspectAccounts, nextAccounts, suspectsOf } from './ledger.inspector.js';
import { lastSeal, recordsBehind } from './seal.inspector.js';
import { digestOf, sealableRows, type SealedRow } from './seal.rules.js';

/** Read and hashed in one turn: more would hold up whoever asks the service meanwhile. */
const recordsPerSeal = 1_000;
const sealsPerRound = 250;
const accountsPerStep = 200;
/** Accounts looked at again in each round though nothing was posted to them: somebody may have changed the row by hand. */
const scrubbedPerRound = 200;
const listedAtMost = 1_000;
/** Longer than any posting is under way. */
const gapSettleMs = 300_000;

/**
 * Seals new records and checks the accounts they belong to (P-01): what a round costs depends on what was posted since the last one,
 * not on the size of the ledger. What is wrong stands in `point_imbalances` until it is right again.
 */
@Injectable()
export class LedgerReconciler {
  private scrubbedUntil = 0;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name: 'ledger-seals',
      everyMs: settings.POINTS_JOB_INTERVAL_MS,
      lock: 'kept',
      complaint: 'the ledger could not be sealed or checked',
      levelOf: () => 'error',
      round: () => this.round(),
    });
    const { reader } = database;
    // A check that failed must not look like books that are right.
    const asked = (sql: string) =>
      reader.one<{ value: number | string | null }>(sql).then(
        (row) => Number(row?.value ?? 0),
        () => Number.NaN,
      );
    metrics.gauge(
      'coser_points_ledger_imbalance',
      'Accounts whose balance, frozen points, points earned or record chain do not add up',
      async (gauge) => gauge.set(await asked('SELECT COUNT(*) AS value FROM point_imbalances')),
    );
    metrics.gauge('coser_points_ledger_unsealed_ids', 'Record ids behind the last seal of the ledger', async (gauge) =>
      gauge.set(
        await asked(
          `SELECT (SELECT COALESCE(MAX(id), 0) FROM point_records) - (SELECT COALESCE(MAX(last_id), 0) FROM ledger_seals)
             AS value`,
        ),
      ),
    );
  }

  /** One replica works; should two overlap, the unique index on the first id of a seal lets one through. */
  private async round(): Promise<void> {
    for (let count = 0; count < sealsPerRound; count += 1) {
      const { behindId, rows } = await this.seal();
      await this.checkNew(behindId, rows);
      if (rows.length < recordsPerSeal) break;
    }
    await this.scrub();
  }

  /** Seals the next range and returns its rows; none when there is nothing to seal now. */
  private async seal(): Promise<{ behindId: number; rows: readonly SealedRow[] }> {
    const { reader } = this.database;
    const previous = await lastSeal(reader);
    const behind = await recordsBehind(reader, previous.last_id, recordsPerSeal);
    const settledBefore = sqlTime(new Date(this.clock.now().getTime() - gapSettleMs));
    const rows = behind.slice(0, sealableRows(previous.last_id, behind, settledBefore));
    const last = rows.at(-1);
    const behindId = previous.last_id;
    if (!last) return { behindId, rows: [] };
    const range = { first_id: previous.last_id + 1, last_id: last.id };
    const digest = digestOf(previous.digest, range, rows);
    try {
      await this.unitOfWork.runAs('ledger-seals', async (context) => {
        const seal = { ...range, records: rows.length, previous_digest: previous.digest, digest };
        const { insertId } = await context.tx.insert('ledger_seals', { ...seal, sealed_at: sqlTime(context.now) });
        context.emit(LedgerSealed, { seal_id: insertId, ...seal });
      });
      return { behindId, rows };
    } catch (error) {
      if (isDuplicateKey(error)) return { behindId, rows: [] };
      throw error;
    }
  }

  /** Records come in any order of members: each step takes the members that some of the rows belong to, with all their rows. */
  private async checkNew(behindId: number, rows: readonly SealedRow[]): Promise<void> {
    const byMember = new Map<number, SealedRow[]>();
    for (const row of rows) {
      const known = byMember.get(row.user_id);
      if (known) known.push(row);
      else byMember.set(row.user_id, [row]);
    }
    const members = [...byMember.values()];
    for (let from = 0; from < members.length; from += accountsPerStep) {
      const step = members.slice(from, from + accountsPerStep).flat();
      await this.check(await suspectsOf(this.database.reader, behindId, step));
    }
  }

  private async check(userIds: readonly number[]): Promise<void> {
    for (let from = 0; from < userIds.length; from += accountsPerStep) {
      await this.inspect(userIds.slice(from, from + accountsPerStep));
    }
  }

  /** What is listed, and the next accounts of an endless walk through all of them. */
  private async scrub(): Promise<void> {
    const listed = await this.database.reader.query<{ user_id: number }>(
      `SELECT user_id FROM point_imbalances ORDER BY user_id LIMIT ${listedAtMost}`,
    );
    const next = await nextAccounts(this.database.reader, this.scrubbedUntil, scrubbedPerRound);
    this.scrubbedUntil = next.length < scrubbedPerRound ? 0 : (next.at(-1) ?? 0);
    await this.check([...new Set([...listed.map(({ user_id }) => user_id), ...next])]);
  }

  private async inspect(userIds: readonly number[]): Promise<void> {
    const found = await inspectAccounts(this.database.reader, userIds);
    const problems = new Map(found.map((imbalance) => [imbalance.userId, imbalance]));
    const listed = await this.database.reader.query<{ user_id: number }>(
      `SELECT user_id FROM point_imbalances WHERE user_id IN (${placeholders(userIds.length)})`,
      userIds,
    );
    const known = new Set(listed.map(({ user_id }) => user_id));
    const healed = [...known].filter((userId) => !problems.has(userId));
    const fresh = [...problems.values()].filter(({ userId }) => !known.has(userId));
    if (healed.length === 0 && fresh.length === 0) return;
    await this.unitOfWork.runAs('ledger-seals', async (context) => {
      if (healed.length > 0) {
        const sql = `DELETE FROM point_imbalances WHERE user_id IN (${placeholders(healed.length)})`;
        await context.tx.executeOnce(sql, healed);
      }
      for (const { userId, problem, expected, found: value } of fresh) {
        const row = { user_id: userId, problem, found_at: sqlTime(context.now) };
        await context.tx.upsert('point_imbalances', row, { conflict: ['user_id'] });
        context.emit(LedgerImbalanceFound, { user_id: userId, problem, expected, found: value }, { user_id: userId });
      }
    });
    if (fresh.length > 0) this.logger.error({ accounts: fresh.length }, 'the books of accounts do not add up');
  }
}
