import { Controller } from '@nestjs/common';
import {
  BalanceChanged,
  ItemGiven,
  ItemTakenBack,
  MembershipExtended,
  MembershipGranted,
  MembershipStarted,
  MembershipWithdrawn,
  type PayloadOf,
} from '#contracts';
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
  async keepStarted(payload: PayloadOf<typeof MembershipStarted>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(MembershipExtended)
  async keepExtended(payload: PayloadOf<typeof MembershipExtended>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(MembershipGranted)
  async keepGranted(payload: PayloadOf<typeof MembershipGranted>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(ItemGiven)
  async keepGiven(payload: PayloadOf<typeof ItemGiven>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(ItemTakenBack)
  async keepTakenBack(payload: PayloadOf<typeof ItemTakenBack>, context: EventContext): Promise<void> {
    const { user_id, membership, changed_at } = payload;
    if (membership) await keepMembership(context, { ...membership, user_id, changed_at });
  }

  @HandleEvent(MembershipWithdrawn)
  async keepWithdrawn(payload: PayloadOf<typeof MembershipWithdrawn>, context: EventContext): Promise<void> {
    await keepMembership(context, { ...payload, kind: 'trial', expires_at: payload.ended_at });
  }
}

interface MembershipFacts {
  user_id: number;
  kind: string;
  plan: string;
  started_at: string;
  expires_at: string | null;
  changed_at?: string | undefined;
}

/** The time of the change makes a late event harmless. */
async function keepMembership({ tx, message }: EventContext, facts: MembershipFacts): Promise<void> {
  const changedAt = sqlTime(new Date(facts.changed_at ?? message.occurred_at));
  await tx.execute(
    `UPDATE users SET membership_kind = ?, membership_plan = ?, membership_started_at = ?, membership_expires_at = ?,
     membership_changed_at = ? WHERE id = ? AND (membership_changed_at IS NULL OR membership_changed_at <= ?)`,
    [
      facts.kind,
      facts.plan,
      sqlTime(new Date(facts.started_at)),
      facts.expires_at === null ? null : sqlTime(new Date(facts.expires_at)),
      changedAt,
      facts.user_id,
      changedAt,
    ],
  );
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
