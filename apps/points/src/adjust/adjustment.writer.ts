import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { PointsAdjusted } from '#contracts';
import { sqlTime, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { LedgerService, type Account } from '../ledger/ledger.service.js';
import type { AdjustmentRow } from './adjustment.store.js';

/** Posts adjustments, whether one admin decided or two (P-09). */
@Injectable()
export class AdjustmentWriter {
  private readonly adjustments: Counter<'outcome'>;

  constructor(
    private readonly ledger: LedgerService,
    metrics: Metrics,
  ) {
    this.adjustments = metrics.counter('coser_points_adjustments_total', 'Adjustments by admins, by outcome', [
      'outcome',
    ]);
  }

  count(tx: Tx, outcome: 'applied' | 'requested' | 'approved' | 'rejected'): void {
    tx.afterCommit(() => this.adjustments.labels(outcome).inc());
  }

  /** Posts the adjustment and writes down that it was. @throws AppError points.insufficient_balance */
  async apply(
    context: CommandContext,
    account: Account,
    row: AdjustmentRow,
    approvedBy: number | null,
  ): Promise<AdjustmentRow> {
    const { id, user_id, points, reason, requested_by } = row;
    const { balance } = await this.ledger.post(context, account, [
      { type: 'admin_adjust', points, description: reason, key: `admin_adjust:${id}` },
    ]);
    const decidedAt = approvedBy === null ? null : sqlTime(context.now);
    await context.tx.execute(
      "UPDATE point_adjustments SET state = 'applied', decided_by = ?, decided_at = ?, balance_after = ? WHERE id = ?",
      [approvedBy, decidedAt, balance, id],
    );
    context.emit(
      PointsAdjusted,
      { adjustment_id: id, user_id, points, reason, requested_by, approved_by: approvedBy, balance },
      { user_id, before: { balance: account.balance }, after: { balance, reason, adjustment_id: id } },
    );
    this.count(context.tx, approvedBy === null ? 'applied' : 'approved');
    return { ...row, state: 'applied', decided_by: approvedBy, decided_at: decidedAt, balance_after: balance };
  }
}
