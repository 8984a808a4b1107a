import { Injectable } from '@nestjs/common';
import { InvitationSucceeded, MembershipExtended } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { EntitlementSettings } from '../entitlement.env.js';
import { membershipAt, rewardedMembership, type MembershipPeriod } from '../membership/membership.rules.js';
import { saveMembership } from '../membership/membership.store.js';

export interface Invitation {
  readonly inviterUserId: number;
  /** Locked. */
  readonly inviter: MembershipPeriod;
  readonly inviteeUserId: number;
  readonly inviteCodeId: number;
}

/** Thanks a member whose code brought somebody in (U-05): membership days, and the news. */
@Injectable()
export class InviterRewardService {
  constructor(@InjectSettings() private readonly settings: EntitlementSettings) {}

  async reward(
    context: CommandContext,
    { inviterUserId, inviter, inviteeUserId, inviteCodeId }: Invitation,
  ): Promise<void> {
    const { tx, now } = context;
    await tx.insert('invitations', {
      invitee_user_id: inviteeUserId,
      inviter_user_id: inviterUserId,
      invite_code_id: inviteCodeId,
      invited_at: sqlTime(now),
    });
    const days = this.settings.INVITER_REWARD_DAYS;
    const decided = days > 0 ? rewardedMembership(inviter, days, now) : null;
    const payload = { inviter_user_id: inviterUserId, invitee_user_id: inviteeUserId, invite_code_id: inviteCodeId };
    context.emit(
      InvitationSucceeded,
      { ...payload, reward_days: decided ? days : 0 },
      { user_id: inviterUserId, after: payload },
    );
    if (!decided) return;
    const { membership, period } = decided;
    const history = { period, reason: 'inviter_reward', inviteCodeId } as const;
    const changedAt = await saveMembership(tx, inviterUserId, membership, history, now);
    context.emit(
      MembershipExtended,
      {
        user_id: inviterUserId,
        kind: membership.kind,
        plan: membership.plan,
        started_at: membership.startedAt.toISOString(),
        expires_at: membership.expiresAt?.toISOString() ?? null,
        days,
        changed_at: changedAt.toISOString(),
      },
      {
        user_id: inviterUserId,
        before: { ...membershipAt(inviter, now) },
        after: { ...membershipAt(membership, now) },
      },
    );
  }
}
