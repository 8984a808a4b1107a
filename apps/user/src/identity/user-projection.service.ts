import { Controller } from '@nestjs/common';
import { BalanceChanged, MembershipStarted, type PayloadOf } from '#contracts';
import { sqlTime } from '#database';
import { HandleEvent, type EventContext } from '#messaging';

/** Keeps what other services own beside the user, for the profile: points (U-01) and membership. */
@Controller()
export class UserProjectionService {
  /** The account's version makes a late event harmless. */
  @HandleEvent(BalanceChanged)
  async keepPoints(payload: PayloadOf<typeof BalanceChanged>, { tx }: EventContext): Promise<void> {
    await tx.execute('UPDATE users SET points = ?, points_version = ? WHERE id = ? AND points_version < ?', [
      payload.balance,
      payload.version,
      payload.user_id,
      payload.version,
    ]);
  }

  @HandleEvent(MembershipStarted)
  async keepMembership(payload: PayloadOf<typeof MembershipStarted>, { tx }: EventContext): Promise<void> {
    const startedAt = sqlTime(new Date(payload.started_at));
    const expiresAt = payload.expires_at === null ? null : sqlTime(new Date(payload.expires_at));
    await tx.execute(
      `UPDATE users SET membership_kind = ?, membership_plan = ?, membership_started_at = ?, membership_expires_at = ?
       WHERE id = ? AND (membership_started_at IS NULL OR membership_started_at <= ?)`,
      [payload.kind, payload.plan, startedAt, expiresAt, payload.user_id, startedAt],
    );
  }
}
