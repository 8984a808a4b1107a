import { Injectable } from '@nestjs/common';
import { UserStatusChanged, type UserStatus } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics, recordStanding } from '#service';
import type { Counter } from 'prom-client';
import { statusOf, userStatuses, type UserRow } from '../identity/profile.rules.js';

/** The only writer of an account's status (U-01), inside the transaction of whoever has locked the account. */
@Injectable()
export class StatusWriter {
  private readonly changes: Counter<'status'>;

  constructor(metrics: Metrics) {
    this.changes = metrics.counter('coser_user_status_changes_total', 'Accounts whose status changed, by new status', [
      'status',
    ]);
  }

  /** Writes the status, ends the sessions of who is banned or erased, and tells every service. */
  async change(context: CommandContext, user: UserRow, status: UserStatus, reason: string | null): Promise<void> {
    const { tx, now } = context;
    const previous = statusOf(user);
    if (status !== 'erased') {
      await tx.execute('UPDATE users SET status = ?, updated_at = ? WHERE id = ?', [
        userStatuses[status],
        sqlTime(now),
        user.id,
      ]);
    }
    const sessions = status === 'banned' || status === 'erased' ? await this.endSessions(context, user.id, status) : 0;
    await recordStanding(tx, user.id, status, now);
    context.emit(
      UserStatusChanged,
      { user_id: user.id, status, previous, reason },
      {
        user_id: user.id,
        before: { status: previous },
        after: { status, reason, ...(sessions > 0 && { sessions_ended: sessions }) },
      },
    );
    context.tx.afterCommit(() => this.changes.labels(status).inc());
  }

  private async endSessions({ tx, now }: CommandContext, userId: number, reason: string): Promise<number> {
    const { affected } = await tx.execute(
      'UPDATE sessions SET ended_at = ?, end_reason = ? WHERE user_id = ? AND ended_at IS NULL',
      [sqlTime(now), reason, userId],
    );
    return affected;
  }
}
