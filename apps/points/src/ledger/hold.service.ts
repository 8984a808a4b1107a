import { Injectable } from '@nestjs/common';
import { AppError, HoldChanged } from '#contracts';
import { sqlTime, type SqlTime, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import type { Counter } from 'prom-client';
import { decideFreeze, decideSettlement, type Posting } from './ledger.rules.js';
import { LedgerService, type Account } from './ledger.service.js';
import { holdColumns, type HoldRow } from './ledger.store.js';

export interface Hold {
  readonly id: number;
  readonly userId: number;
  readonly points: number;
  readonly remaining: number;
  readonly reference: string;
  readonly reason: string;
  readonly createdAt: SqlTime;
  readonly updatedAt: SqlTime;
}

export interface FreezeWish {
  readonly points: number;
  /** The business fact behind it, for example `transfer:42`: one hold for each. */
  readonly reference: string;
  readonly reason: string;
}

export interface SettleWish {
  /** All that remains unless told. */
  readonly points?: number | undefined;
  readonly reason: string;
}

interface Settled {
  readonly hold: Hold;
  readonly account: Account;
}

/** Points out of reach (P-01): freeze, release, debit of frozen. Like the ledger it works under the account's lock. */
@Injectable()
export class HoldService {
  private readonly changes: Counter<'change'>;

  constructor(
    private readonly ledger: LedgerService,
    metrics: Metrics,
  ) {
    this.changes = metrics.counter('coser_points_holds_total', 'Points put on hold, released and debited', ['change']);
  }

  /** @throws AppError points.insufficient_balance, points.amount_invalid, points.amount_too_large. */
  async freeze(context: CommandContext, account: Account, wish: FreezeWish): Promise<Settled> {
    decideFreeze(account, wish.points);
    const at = sqlTime(context.now);
    const row = { points: wish.points, remaining: wish.points, reference: wish.reference, reason: wish.reason };
    const { insertId: id } = await context.tx.insert('point_holds', {
      user_id: account.userId,
      ...row,
      created_at: at,
      updated_at: at,
    });
    const changed = await this.ledger.refreeze(context, account, wish.points);
    const hold: Hold = { id, userId: account.userId, ...row, createdAt: at, updatedAt: at };
    this.tell(context, { hold, account: changed }, 'frozen', wish);
    return { hold, account: changed };
  }

  /** Gives frozen points back. @throws AppError points.hold_too_small. */
  async release(context: CommandContext, account: Account, hold: Hold, wish: SettleWish): Promise<Settled> {
    const points = decideSettlement(hold.remaining, wish.points);
    const rest = await this.shrink(context, hold, points);
    const changed = await this.ledger.refreeze(context, account, -points);
    this.tell(context, { hold: rest, account: changed }, 'released', { ...wish, points });
    return { hold: rest, account: changed };
  }

  /**
   * Takes frozen points for good, as one record. `posting` says what they were paid for.
   * @throws AppError points.hold_too_small, points.amount_too_large.
   */
  async debit(
    context: CommandContext,
    account: Account,
    hold: Hold,
    wish: SettleWish & { readonly posting: Omit<Posting, 'points'> },
  ): Promise<Settled> {
    const points = decideSettlement(hold.remaining, wish.points);
    const rest = await this.shrink(context, hold, points);
    const posting: Posting = { ...wish.posting, points: -points };
    const changed = await this.ledger.post(context, account, [posting], { unfreeze: points });
    this.tell(context, { hold: rest, account: changed }, 'debited', { ...wish, points });
    return { hold: rest, account: changed };
  }

  /** The account behind a hold is locked first, then the hold is read: it changes under that lock only. */
  async lockHold(context: CommandContext, holdId: number): Promise<Settled> {
    return this.lockBy(context, 'id', holdId);
  }

  /** The same by the business fact behind it. @throws AppError points.hold_unknown. */
  async lockHoldOf(context: CommandContext, reference: string): Promise<Settled> {
    return this.lockBy(context, 'reference', reference);
  }

  private async lockBy(context: CommandContext, column: 'id' | 'reference', value: string | number): Promise<Settled> {
    const found = await findHold(context.tx, column, value);
    if (!found) throw new AppError('points.hold_unknown');
    const account = await this.ledger.lockAccount(context, found.userId);
    const hold = await findHold(context.tx, 'id', found.id);
    if (!hold) throw new Error('a hold vanished');
    return { hold, account };
  }

  private async shrink({ tx, now }: CommandContext, hold: Hold, points: number): Promise<Hold> {
    const updatedAt = sqlTime(now);
    await tx.execute('UPDATE point_holds SET remaining = remaining - ?, updated_at = ? WHERE id = ?', [
      points,
      updatedAt,
      hold.id,
    ]);
    return { ...hold, remaining: hold.remaining - points, updatedAt };
  }

  private tell(
    context: CommandContext,
    { hold, account }: Settled,
    change: 'frozen' | 'released' | 'debited',
    { points, reason }: { points: number; reason: string },
  ): void {
    const { balance, frozen, version, userId } = account;
    const before = change === 'frozen' ? frozen - points : frozen + points;
    context.emit(
      HoldChanged,
      {
        user_id: userId,
        hold_id: hold.id,
        reference: hold.reference,
        change,
        points,
        remaining: hold.remaining,
        frozen,
        available: balance - frozen,
        version,
        reason,
      },
      { user_id: userId, before: { frozen: before }, after: { frozen } },
    );
    context.tx.afterCommit(() => this.changes.labels(change).inc(points));
  }
}

async function findHold(tx: Tx, column: 'id' | 'reference', value: string | number): Promise<Hold | null> {
  const row = await tx.one<HoldRow>(`SELECT ${holdColumns} FROM point_holds WHERE ${column} = ?`, [value]);
  if (!row) return null;
  const { user_id: userId, created_at: createdAt, updated_at: updatedAt, ...same } = row;
  return { ...same, userId, createdAt, updatedAt };
}
