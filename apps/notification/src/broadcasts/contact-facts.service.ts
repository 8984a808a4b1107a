import { Controller } from '@nestjs/common';
import {
  CheckedIn,
  EmailBound,
  GroupMemberChanged,
  GroupMigrated,
  ItemGiven,
  ItemTakenBack,
  MembershipExtended,
  MembershipGranted,
  MembershipStarted,
  MembershipWithdrawn,
  UserCreated,
  type PayloadOf,
} from '#contracts';
import { placeholders, sqlTime, sqlTimeOrNull, type Tx } from '#database';
import { HandleEvent, type EventContext } from '#messaging';
import { isErased } from '#service';
import { ensureContact } from '../contacts/contact.store.js';

/** Keeps what segments ask for beside the contacts: membership, last activity, groups. */
@Controller()
export class ContactFactsService {
  @HandleEvent(MembershipStarted)
  async membershipStarted(payload: PayloadOf<typeof MembershipStarted>, context: EventContext): Promise<void> {
    noticeActivity(context, payload.user_id);
    await keepMembership(context, payload);
  }

  @HandleEvent(MembershipExtended)
  async membershipExtended(payload: PayloadOf<typeof MembershipExtended>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(MembershipGranted)
  async membershipGranted(payload: PayloadOf<typeof MembershipGranted>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(ItemGiven)
  async itemGiven(payload: PayloadOf<typeof ItemGiven>, context: EventContext): Promise<void> {
    await keepMembership(context, payload);
  }

  @HandleEvent(ItemTakenBack)
  async itemTakenBack(payload: PayloadOf<typeof ItemTakenBack>, context: EventContext): Promise<void> {
    const { user_id, membership, changed_at } = payload;
    if (membership) await keepMembership(context, { ...membership, user_id, changed_at });
  }

  @HandleEvent(MembershipWithdrawn)
  async membershipWithdrawn(payload: PayloadOf<typeof MembershipWithdrawn>, context: EventContext): Promise<void> {
    await keepMembership(context, { ...payload, kind: 'trial', expires_at: payload.ended_at });
  }

  @HandleEvent(UserCreated)
  async userCreated(payload: PayloadOf<typeof UserCreated>, context: EventContext): Promise<void> {
    noticeActivity(context, payload.user_id);
  }

  @HandleEvent(CheckedIn)
  async checkedIn(payload: PayloadOf<typeof CheckedIn>, context: EventContext): Promise<void> {
    noticeActivity(context, payload.user_id);
  }

  @HandleEvent(EmailBound)
  async emailBound(payload: PayloadOf<typeof EmailBound>, context: EventContext): Promise<void> {
    noticeActivity(context, payload.user_id);
  }

  /** The accounts of a group that moved have changed their chat ids, see the user service. */
  @HandleEvent(GroupMigrated)
  async groupMigrated(
    { from_chat_id: from, chat_id: to }: PayloadOf<typeof GroupMigrated>,
    { tx }: EventContext,
  ): Promise<void> {
    await tx.execute(
      'UPDATE contacts SET telegram_id = CASE telegram_id WHEN ? THEN ? ELSE ? END WHERE telegram_id IN (?, ?)',
      [from, to, from, from, to],
    );
  }

  @HandleEvent(GroupMemberChanged)
  async groupMemberChanged(
    { group_id, telegram_id, user_id, standing }: PayloadOf<typeof GroupMemberChanged>,
    { tx, message }: EventContext,
  ): Promise<void> {
    if (user_id !== null && (await isErased(tx, user_id))) return;
    const at = sqlTime(new Date(message.occurred_at));
    const never = sqlTime(new Date(0));
    await tx.upsert(
      'contact_groups',
      { group_id, telegram_id, standing: 'unknown', changed_at: never },
      { conflict: ['group_id', 'telegram_id'] },
    );
    await tx.execute(
      'UPDATE contact_groups SET standing = ?, changed_at = ? WHERE group_id = ? AND telegram_id = ? AND changed_at <= ?',
      [standing, at, group_id, telegram_id, at],
    );
  }
}

interface MembershipFacts {
  readonly user_id: number;
  readonly kind: string;
  readonly expires_at: string | null;
  readonly changed_at?: string | undefined;
}

async function keepMembership(
  { tx, message }: EventContext,
  { user_id: userId, kind, expires_at: expiresAt, changed_at }: MembershipFacts,
): Promise<void> {
  const at = sqlTime(new Date(changed_at ?? message.occurred_at));
  if (!(await ensureContact(tx, userId))) return;
  await tx.execute(
    `UPDATE contacts SET membership_kind = ?, membership_expires_at = ?, membership_changed_at = ?
     WHERE user_id = ? AND (membership_changed_at IS NULL OR membership_changed_at <= ?)`,
    [kind, sqlTimeOrNull(expiresAt), at, userId, at],
  );
}

interface Activity {
  readonly userId: number;
  readonly occurredAt: string;
}

function noticeActivity({ gather, message }: EventContext, userId: number): void {
  gather(writeActivity, { userId, occurredAt: message.occurred_at });
}

/** One statement for each day that occurs among the events: segments ask for days. */
async function writeActivity(activities: readonly Activity[], tx: Tx): Promise<void> {
  const byDay = new Map<string, { at: string; users: Set<number> }>();
  for (const { userId, occurredAt } of activities) {
    const day = occurredAt.slice(0, 10);
    const known = byDay.get(day);
    if (!known) byDay.set(day, { at: occurredAt, users: new Set([userId]) });
    else {
      known.users.add(userId);
      // The earliest: nobody is said to have been here later than they were.
      if (occurredAt < known.at) known.at = occurredAt;
    }
  }
  for (const { at, users } of byDay.values()) {
    const time = sqlTime(new Date(at));
    await tx.executeOnce(
      `UPDATE contacts SET active_at = ? WHERE user_id IN (${placeholders(users.size)}) AND (active_at IS NULL OR active_at < ?)`,
      [time, ...users, time],
    );
  }
}
