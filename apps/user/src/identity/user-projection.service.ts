import { Controller } from '@nestjs/common';
import { BalanceChanged, MembershipStarted, type PayloadOf } from '#contracts';
import { placeholders, sqlTime, type Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';

/** Keeps what other services own beside the user, for the profile: points (U-01) and membership. */
@Controller()
export class UserProjectionService {
  /** The account's version makes a late event harmless. */
  @HandleEvent(BalanceChanged)
  async keepPoints(payload: PayloadOf<typeof BalanceChanged>, { gather }: EventContext): Promise<void> {
    gather(updatePoints, payload);
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

type Balance = PayloadOf<typeof BalanceChanged>;

/** The latest balance of each member, in one statement for all of a batch. */
async function updatePoints(balances: readonly Balance[], tx: Tx): Promise<void> {
  const latest = new Map<number, Balance>();
  for (const balance of balances) {
    const known = latest.get(balance.user_id);
    if (!known || known.version < balance.version) latest.set(balance.user_id, balance);
  }
  const rows = [...latest.values()];
  const cases = `CASE id ${rows.map(() => 'WHEN ? THEN ?').join(' ')} END`;
  const points = rows.flatMap(({ user_id, balance }) => [user_id, balance]);
  const versions = rows.flatMap(({ user_id, version }) => [user_id, version]);
  const ids = rows.map(({ user_id }) => user_id);
  await tx.executeOnce(
    `UPDATE users SET points = ${cases}, points_version = ${cases}
     WHERE id IN (${placeholders(ids.length)}) AND points_version < ${cases}`,
    [...points, ...versions, ...ids, ...versions],
  );
}
